import Administration
import Arguments
import DotNet
import Events
import HostModel
import Platform

/// Applications that `dotnet publish` made.
extension Execution {
    static func webConfig(_ invocation: Invocation) -> Int32 {
        let folder = Places.absolute(invocation.operand(Commands.publishedFolder) ?? "")
        guard Places.isFolder(folder) else { return fail("\(folder) is no folder") }
        let model = invocation.text(Commands.hostingModel).flatMap(PublishedWebConfig.HostingModel.init)
        do {
            let name = invocation.text(Commands.publishedName)
            guard let application = try PublishedApplication.inspect(folder, named: name) else {
                return fail(
                    "\(folder) holds no \(name.map { "application \($0)" } ?? "published .NET application"): there is no "
                        + "*.runtimeconfig.json and no single-file program; publish with 'dotnet publish -c Release -o FOLDER'"
                )
            }
            if let obstacle = application.obstacle { return fail("\(obstacle); nothing is written") }
            let file = PublishedWebConfig(application, hostingModel: model)
            let path = try write(file, into: folder, isForced: invocation.has(Commands.overwriting))
            print("\(LineText.printable(path)) is written: \(LineText.printable(description(application, file))).")
            tellWhatItRunsOn(application)
            let place = ShellWord.quoted(folder)
            print(
                """
                Next:
                  hostelry express --path \(LineText.printable(place))     to try it
                  hostelry site add NAME --path \(LineText.printable(place)) --host HOST     to host it
                """)
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    /// The path of the written file. No link of another user's is followed, and none in the folder.
    private static func write(
        _ file: PublishedWebConfig, into folder: String, isForced: Bool
    ) throws -> String {
        // In whatever letters; several spellings are an error.
        let spelling = try NameLookup.find("web.config", inFolder: folder)?.spelling
        let held = try HeldFolder.trusted(folder)
        let document = try HeldDocument(spelling ?? "web.config", in: held)
        let old = try document.read(limit: FileReader.usualLimit)
        guard old == nil || isForced else {
            throw Refusal("\(document.path) is there and is left as it is; --force writes over it")
        }
        try document.commit(Array(file.text.utf8), replacing: old, belongsToFolder: true)
        return document.path
    }

    private static func description(_ application: PublishedApplication, _ file: PublishedWebConfig) -> String {
        let target = application.configuration?.targetFramework ?? ""
        let details = [target, application.runtimeIdentifier ?? ""].filter { !$0.isEmpty }
        let form =
            switch application.form {
            case .frameworkDependent: ""
            case .selfContained: " with a runtime of its own"
            case .singleFile: " in a single file"
            // It has an obstacle.
            case .dotNetFramework: ""
            }
        return application.name + form + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
            + ", started by \(file.commandLine), hosting model \(file.hostingModel.rawValue)"
    }

    /// As a pool without variables of its own sees it.
    private static func tellWhatItRunsOn(_ application: PublishedApplication) {
        if !application.isWebApplication {
            warn(
                "\(application.name) does not ask for \(FrameworkReference.aspNetCore): whether it answers requests is not known"
            )
        }
        let usual = DotNetInstallation.find(environment: { $0 == "PATH" ? ApplicationPool.searchPath : nil })
        switch FrameworkResolution.of(application, on: usual, environment: { _ in nil }) {
        case .frameworks(let frameworks):
            let names = frameworks.map { "\($0.name) \($0.version)" }.joined(separator: " and ")
            print("It runs on \(names) of \(LineText.printable(usual?.root ?? "")).")
        case .refused(let reason):
            warn(reason)
            guard usual == nil, let own = DotNetInstallation.find(environment: CurrentProcess.variable) else { return }
            let variable = "+environmentVariables.[name='DOTNET_ROOT',value='\(own.root)']"
            warn(
                "there is a .NET in \(own.root), which pools do not see; let one see it: "
                    + "hostelry pool set POOL \(ShellWord.quoted(variable))")
        case .own, .unknown: break
        }
    }

    private static func warn(_ text: String) {
        StandardError.write(Array("hostelry: warning: \(LineText.printable(text))\n".utf8))
    }
}
