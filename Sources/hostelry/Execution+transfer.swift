import Arguments
import Configuration
import ConfigurationStore
import Events
import Glibc
import HostModel
import Platform

/// Export and import of the configuration.
extension Execution {
    static func export(_ invocation: Invocation) -> Int32 {
        guard let folder = invocation.text(Commands.exportFolder).map(Places.absolute) else {
            return fail("--to is missing: the folder to export to")
        }
        do {
            let server = try server(invocation)
            let isWithoutKeys = invocation.has(Commands.withoutKeys)
            let password = isWithoutKeys ? nil : try PasswordInput.read(invocation, isNew: true)
            try password?.demandStrength()
            let ring = try KeyFile(state: statePath(invocation)).readOrMake()
            let sites = invocation.texts(Commands.exportedSite)
            let export: ConfigurationExport
            if sites.isEmpty {
                let path = try FileInForce.of(configurationPath(invocation)).administrationPath
                let administration = try FileStamp.of(path).map { _ in try ServerConfiguration.read(path: path) }
                export = try ConfigurationExport.server(
                    server, administration: administration, ring: ring, password: password)
            } else {
                export = try ConfigurationExport.sites(sites, of: server, ring: ring, password: password)
            }
            try export.write(to: folder)
            for file in export.files { print("\(LineText.printable(folder))/\(file.name)") }
            tell(unopened: export.unopened)
            return 0
        } catch {
            return fail("nothing is exported: \(error)")
        }
    }

    static func importing(_ invocation: Invocation) -> Int32 {
        guard let folder = invocation.text(Commands.importFolder).map(Places.absolute) else {
            return fail("--from is missing: the folder that was exported to")
        }
        do {
            try refuseShared(invocation)
        } catch {
            return fail("\(error)")
        }
        if ImportPlan.isFromWindows(folder) {
            guard !PasswordInput.isGiven(invocation) else { return fail(unusedPassword) }
            return importingFromWindows(folder, invocation)
        }
        for option in [Commands.pathMap, Commands.accountMap] where !invocation.texts(option).isEmpty {
            return fail("\(option.name) is for configurations of Windows, and \(folder) holds none")
        }
        let keyFile = KeyFile(state: statePath(invocation))
        do {
            let export = try ReceivedExport.read(folder)
            guard export.manifest.hasKeys || !PasswordInput.isGiven(invocation) else { return fail(unusedPassword) }
            let password = export.manifest.hasKeys ? try PasswordInput.read(invocation, isNew: false) : nil
            let incoming = try export.open(under: password)
            var ring = try keyFile.read() ?? incoming
            if let incoming { ring?.add(incoming) }
            let target = try ImportTarget.read(
                configurationPath(invocation), variables: ["HOSTELRY_STATE": statePath(invocation)])
            let makePlan = export.manifest.kind == .server ? ImportPlan.server : ImportPlan.sites
            let plan = try makePlan(export, ring, target) { try Account.named($0) != nil }
            return try carryOut(plan, incoming, keyFile, from: folder, invocation)
        } catch let error as TransferError {
            return fail(lines: error.description)
        } catch {
            return fail("nothing is changed: \(error)")
        }
    }

    /// Whoever gives a password relies on what was sealed under it.
    private static let unusedPassword =
        "nothing is changed: a password is given, but the export is not under one; it was altered, or is another one"

    /// Shows the plan and, where it is to be and somebody says so, applies it.
    static func carryOut(
        _ plan: ImportPlan, _ incoming: KeyRing?, _ keyFile: KeyFile, from folder: String, _ invocation: Invocation
    ) throws -> Int32 {
        show(plan)
        if invocation.has(Commands.importDryRun) { return 0 }
        if !plan.isEmpty, !invocation.has(Commands.yes), !isConfirmed() { return fail("nothing is changed") }
        return try apply(plan, incoming, keyFile, from: folder, invocation)
    }

    /// Keys first, which harms nothing, so that no value is ever in force that cannot be opened.
    private static func apply(
        _ plan: ImportPlan, _ incoming: KeyRing?, _ keyFile: KeyFile, from folder: String, _ invocation: Invocation
    ) throws -> Int32 {
        if let incoming { try keyFile.edit(startingWith: incoming) { $0.add(incoming) } }
        if !plan.isEmpty {
            do throws(ChangeSubmission.Failure) {
                let change = ConfigurationChange(
                    files: plan.files.map { file in
                        FileChange(
                            file.path, expected: FileChange.Expectation(file.old), content: file.new,
                            isServerFile: file.isServerFile)
                    }, author: .current, tool: "hostelry import", comment: "imported from \(folder)")
                let outcome = try ChangeSubmission.make(change, state: statePath(invocation))
                print("Imported: version \(outcome.version) of the configuration.")
            } catch {
                // The keys stay: a change that is finished later needs them, and until then they seal nothing.
                return fail("nothing is changed: \(error.description)")
            }
        } else {
            print("Nothing is different.")
        }
        if plan.isWhole, let incoming { try keyFile.edit { $0.adopt(incoming) } }
        return 0
    }

    private static func show(_ plan: ImportPlan) {
        for difference in plan.differences { print("  \(difference.line)") }
        for pool in plan.recycledPools { print("  pool \"\(LineText.printable(pool))\" is recycled") }
        for note in plan.notes { print("note: \(LineText.printable(note))") }
        tell(unopened: plan.unopened)
    }

    private static func tell(unopened values: [SecretValue]) {
        for value in values {
            print(
                "kept as it is: \(LineText.printable(value.place)), encrypted by "
                    + LineText.printable(value.encrypted?.provider ?? ""))
        }
    }

    private static func isConfirmed() -> Bool {
        guard isatty(0) == 1 else {
            _ = fail("say --yes to import without being asked")
            return false
        }
        print("Import this? [y/N] ", terminator: "")
        fflush(nil)
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    static func fail(lines text: String) -> Int32 {
        for line in text.split(separator: "\n") { _ = fail(String(line)) }
        return 1
    }
}
