import Arguments
import ConfigurationStore
import Events
import Platform

/// Import of a configuration of Windows.
extension Execution {
    static func importingFromWindows(_ folder: String, _ invocation: Invocation) -> Int32 {
        var paths: [WindowsPathMap.Entry] = []
        for text in invocation.texts(Commands.pathMap) {
            guard let entry = WindowsPathMap.Entry(text) else {
                return fail(
                    "\(Commands.pathMap.name) '\(text)' is no map; write a folder of Windows and one of this machine: "
                        + "'C:\\inetpub=/srv/inetpub'")
            }
            paths.append(entry)
        }
        var accounts: [String: String] = [:]
        for text in invocation.texts(Commands.accountMap) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                return fail("\(Commands.accountMap.name) '\(text)' is no map; write for example 'CORP\\web=www-data'")
            }
            accounts[parts[0]] = parts[1]
        }
        do {
            let keyFile = KeyFile(state: statePath(invocation))
            let isTrial = invocation.has(Commands.importDryRun)
            let ring = try isTrial ? keyFile.read() ?? KeyRing(now: FileStamp.now()) : keyFile.readOrMake()
            let target = try ImportTarget.read(
                configurationPath(invocation), variables: ["HOSTELRY_STATE": statePath(invocation)])
            let mapping = WindowsImport.Mapping(paths: WindowsPathMap(paths), accounts: accounts)
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
}
