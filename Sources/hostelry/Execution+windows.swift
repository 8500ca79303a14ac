import Arguments
import Configuration
import ConfigurationStore
import Events
import Platform

/// Import of a configuration of Windows.
extension Execution {
    static func importingFromWindows(_ folder: String, _ invocation: Invocation) -> Int32 {
        do {
            let mapping = try mapping(invocation)
            let keyFile = KeyFile(state: statePath(invocation))
            let isTrial = invocation.has(Commands.importDryRun)
            let ring = try isTrial ? keyFile.read() ?? KeyRing(now: FileStamp.now()) : keyFile.readOrMake()
            let target = try ImportTarget.read(
                configurationPath(invocation), variables: ["HOSTELRY_STATE": statePath(invocation)])
            let (plan, report) = try ImportPlan.windows(folder, mapping, ring: ring, into: target) {
                try Account.named($0) != nil
            }
            print(report.text, terminator: "")
            if let file = invocation.text(Commands.importReport).map(Places.absolute) {
                try Folder.replaceFile(file, with: Array(report.json.utf8))
            }
            return try carryOut(plan, nil, keyFile, from: folder, invocation)
        } catch let error as TransferError {
            return fail(lines: error.description)
        } catch {
            return fail("nothing is changed: \(error)")
        }
    }

    static func exportingForWindows(to folder: String, _ invocation: Invocation) -> Int32 {
        for option in [
            Commands.exportedContent, Commands.passwordFile, Commands.passwordDescriptor, Commands.withoutKeys,
        ] where invocation.has(option) {
            return fail("nothing is exported: \(option.name) means nothing for Windows")
        }
        do {
            let mapping = try mapping(invocation)
            let server = try server(invocation)
            let path = try FileInForce.of(configurationPath(invocation)).administrationPath
            let administration = try FileStamp.of(path).map { _ in try ServerConfiguration.read(path: path) }
            let (export, report) = try ConfigurationExport.windows(
                server, administration: administration, sites: invocation.texts(Commands.exportedSite),
                mapping: mapping, leavesSecretsOut: invocation.has(Commands.withoutSecrets))
            try export.write(to: folder)
            print(report, terminator: "")
            for file in export.files { print("\(LineText.printable(folder))/\(file.name)") }
            return 0
        } catch {
            return fail(lines: "nothing is exported: \(error)")
        }
    }

    /// How folders and accounts are called here and there.
    private static func mapping(_ invocation: Invocation) throws -> WindowsImport.Mapping {
        let paths = try invocation.texts(Commands.pathMap).map { text in
            guard let entry = WindowsPathMap.Entry(text) else {
                throw CommandFailure(
                    description:
                        "\(Commands.pathMap.name) '\(text)' is no map; write a folder of Windows and one of this machine: "
                        + "'C:\\inetpub=/srv/inetpub'")
            }
            return entry
        }
        var accounts: [String: String] = [:]
        for text in invocation.texts(Commands.accountMap) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure(
                    description:
                        "\(Commands.accountMap.name) '\(text)' is no map; write for example 'CORP\\web=www-data'")
            }
            accounts[parts[0]] = parts[1]
        }
        return WindowsImport.Mapping(paths: WindowsPathMap(paths), accounts: accounts)
    }
}
