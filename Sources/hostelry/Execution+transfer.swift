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
        let sites = invocation.texts(Commands.exportedSite)
        let hasContent = invocation.has(Commands.exportedContent)
        if hasContent, sites.isEmpty {
            return fail("nothing is exported: --content is for sites; say which with --site")
        }
        if invocation.has(Commands.forWindows) { return exportingForWindows(to: folder, invocation) }
        for option in [Commands.exportMap, Commands.exportAccounts, Commands.withoutSecrets]
        where invocation.has(option) {
            return fail("nothing is exported: \(option.name) is for an export with \(Commands.forWindows.name)")
        }
        do {
            let server = try server(invocation)
            let isWithoutKeys = invocation.has(Commands.withoutKeys)
            let password = isWithoutKeys ? nil : try PasswordInput.read(invocation, isNew: true)
            try password?.demandStrength()
            let survey = hasContent ? try survey(sites, server, to: folder, invocation) : nil
            let ring = try KeyFile(state: statePath(invocation)).readOrMake()
            let export: ConfigurationExport
            if let survey {
                let (content, notes) = try copyContent(survey, to: folder)
                do {
                    export = try ConfigurationExport.sites(
                        sites, of: server, ring: ring, password: password, content: content)
                    try export.write(to: folder)
                } catch {
                    ContentExport.remove(from: folder)
                    throw error
                }
                for note in notes { print("note: \(LineText.printable(note))") }
                tell(export, in: folder)
                return 0
            } else if sites.isEmpty {
                let path = try FileInForce.of(configurationPath(invocation)).administrationPath
                let administration = try FileStamp.of(path).map { _ in try ServerConfiguration.read(path: path) }
                export = try ConfigurationExport.server(
                    server, administration: administration, ring: ring, password: password)
            } else {
                export = try ConfigurationExport.sites(sites, of: server, ring: ring, password: password)
            }
            try export.write(to: folder)
            tell(export, in: folder)
            return 0
        } catch {
            return fail("nothing is exported: \(error)")
        }
    }

    private static func tell(_ export: ConfigurationExport, in folder: String) {
        for file in export.files { print("\(LineText.printable(folder))/\(file.name)") }
        tell(unopened: export.unopened)
    }

    /// What the sites serve. Whatever stands against the export is told here, before anything is copied.
    private static func survey(
        _ sites: [String], _ server: ServerConfiguration, to folder: String, _ invocation: Invocation
    ) throws -> ContentSurvey {
        _ = try ConfigurationExport.sites(sites, of: server, ring: KeyRing(now: FileStamp.now()), password: nil)
        return try ContentSurvey.of(
            sites, in: server, reserved: [configurationPath(invocation), statePath(invocation), folder])
    }

    private static func copyContent(
        _ survey: ContentSurvey, to folder: String
    ) throws -> (ContentList, notes: [String]) {
        var progress = ByteProgress("Copying content", of: survey.amount.bytes)
        let content = try ContentExport.copy(survey, to: folder) { progress.add($0) }
        progress.end()
        return (content.list, survey.notes + content.notes)
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
        if invocation.has(Commands.accountMap) {
            return fail(
                "\(Commands.accountMap.name) is for configurations of Windows, and \(folder) holds none")
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
            let plan: ImportPlan
            switch export.manifest.kind {
            case .server:
                guard !invocation.has(Commands.pathMap) else {
                    return fail(
                        "nothing is changed: \(Commands.pathMap.name) is for sites and configurations of Windows, and "
                            + "\(folder) holds a whole configuration of this kind")
                }
                plan = try ImportPlan.server(export, ring: ring, into: target) { try Account.named($0) != nil }
            case .sites:
                let folders = try folderMap(invocation)
                plan = try ImportPlan.sites(export, ring: ring, into: target, folders: folders) {
                    try Account.named($0) != nil
                }
            }
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
        if invocation.has(Commands.importDryRun) {
            if let content = plan.content, !content.isEmpty {
                var progress = ByteProgress("Comparing content", of: content.amount.bytes)
                defer { progress.end() }
                try content.verify { progress.add($0) }
            }
            if plan.isEmpty { print("Nothing would change.") }
            return 0
        }
        if !plan.isEmpty, !invocation.has(Commands.yes), !isConfirmed() { return fail("nothing is changed") }
        return try apply(plan, incoming, keyFile, from: folder, invocation)
    }

    /// Keys first, which harms nothing, so that no value is ever in force that cannot be opened.
    private static func apply(
        _ plan: ImportPlan, _ incoming: KeyRing?, _ keyFile: KeyFile, from folder: String, _ invocation: Invocation
    ) throws -> Int32 {
        func addKeys() throws {
            if let incoming { try keyFile.edit(startingWith: incoming) { $0.add(incoming) } }
        }
        if let content = plan.content, !content.isEmpty {
            try place(content, plan, invocation, afterwards: addKeys)
        } else {
            try addKeys()
        }
        let unchanged =
            plan.content?.isEmpty == false
            ? "content is in place, and the configuration is not changed" : "nothing is changed"
        if !plan.files.isEmpty {
            do throws(FileError) {
                for folder in plan.missingFolders { try Folder.make(folder) }
            } catch {
                return fail("\(unchanged): \(error)")
            }
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
                return fail(error.isUnmade ? "\(unchanged): \(error.description)" : error.description)
            }
        } else if plan.isEmpty {
            print("Nothing is different.")
        }
        guard plan.isWhole, let incoming else { return 0 }
        do throws(KeyFileError) {
            try keyFile.edit { $0.adopt(incoming) }
            return 0
        } catch {
            return fail(
                "the configuration is imported, but what is encrypted from now on is not encrypted with the export's key: "
                    + "\(error)")
        }
    }

    /// Under a lock of its own: two imports at once would take each other's copies away.
    ///
    /// - Parameter afterwards: called when everything is copied and compared, and nothing has its name yet.
    private static func place(
        _ content: ContentPlacement, _ plan: ImportPlan, _ invocation: Invocation, afterwards: () throws -> Void
    ) throws {
        let state = statePath(invocation)
        try Folder.makeOwnedByItsUser(state)
        let lock: ProcessLock
        do throws(ProcessLock.Failure) {
            lock = try ProcessLock.take("\(state)/content-import")
        } catch .held(let pid) {
            throw CommandFailure(description: "another import is placing content (process \(pid)); wait for it")
        } catch .file(let error) {
            throw error
        }
        var progress = ByteProgress("Copying content", of: content.amount.bytes)
        let notes: [String]
        do {
            defer { progress.end() }
            notes = try content.prepare(for: plan.after, state: state) { progress.add($0) }
        }
        do {
            try afterwards()
        } catch {
            content.discard()
            throw error
        }
        try content.place()
        for note in notes { print("note: \(LineText.printable(note))") }
        _ = consume lock
    }

    /// - Throws: what says which one is no map.
    private static func folderMap(_ invocation: Invocation) throws -> FolderMap {
        FolderMap(
            try invocation.texts(Commands.pathMap).map { text in
                guard let entry = FolderMap.Entry(text) else {
                    throw CommandFailure(
                        description: "\(Commands.pathMap.name) '\(text)' is no map; write a folder there and one here: "
                            + "'/srv/shop=/sites/shop'")
                }
                return entry
            })
    }

    private static func show(_ plan: ImportPlan) {
        let differences = plan.differences
        for difference in differences { print("  \(difference.line)") }
        for file in plan.files where differences.isEmpty || !file.isServerFile {
            print("  \(LineText.printable(file.path)) is \(file.old == nil ? "made" : "written anew")")
        }
        for line in plan.content?.lines ?? [] { print("  \(LineText.printable(line))") }
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
