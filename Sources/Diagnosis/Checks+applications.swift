internal import Administration
internal import HostModel
internal import Platform

/// Applications that do not run, and settings of others that are meant for development.
extension Check {
    static let applicationChecks = [
        Check(name: "application-unmapped") { published($0, .unmapped) },
        Check(name: "application-unable") { published($0, .unable) },
        Check(name: "debug-log") { settings($0, .debugFile) },
        Check(name: "development-environment", look: development),
        Check(name: "detailed-errors") { settings($0, .detailedErrors) },
        Check(name: "several-processes", look: processes),
    ]

    private static func published(_ picture: Picture, _ kind: PublishedApplications.Remark.Kind) -> [Found] {
        picture.applications.filter { $0.kind == kind }.map { remark in
            Found(.warning, "application \"\(remark.application)\"", remark.text, remark.commands)
        }
    }

    private static func settings(_ picture: Picture, _ kind: Picture.Setting.Kind) -> [Found] {
        picture.settings.filter { $0.kind == kind }.map { found($0, picture) }
    }

    @Sendable
    private static func development(_ picture: Picture) -> [Found] {
        settings(picture, .development)
            + picture.developmentPools.map { pool, site in
                Found(
                    .warning, "pool \"\(pool)\"",
                    "ASPNETCORE_ENVIRONMENT is Development in it, and the site \"\(site)\" is served on a public address: "
                        + "visitors see source code and settings in error pages",
                    [
                        picture.command(
                            "pool set \(ShellWord.quoted(pool)) "
                                + ShellWord.quoted(
                                    "environmentVariables.[name='ASPNETCORE_ENVIRONMENT'].value=Production"))
                    ])
            }
    }

    @Sendable
    private static func processes(_ picture: Picture) -> [Found] {
        picture.settings.filter { if case .processes = $0.kind { true } else { false } }.map { found($0, picture) }
    }

    private static func found(_ setting: Picture.Setting, _ picture: Picture) -> Found {
        let text: String
        var section = "system.webServer/aspNetCore"
        let selector: String
        let value: String
        switch setting.kind {
        case .debugFile:
            text = "the module's debug log is on (debugFile)"
            (selector, value) = ("handlerSettings.[name='debugLevel'].value", "")
        case .development:
            text =
                "ASPNETCORE_ENVIRONMENT is Development on a public address: visitors see source code and settings in error "
                + "pages"
            (selector, value) = ("environmentVariables.[name='ASPNETCORE_ENVIRONMENT'].value", "Production")
        case .detailedErrors:
            text =
                "every visitor of a public address sees detailed errors with paths of this machine (httpErrors errorMode)"
            section = "system.webServer/httpErrors"
            (selector, value) = ("errorMode", "DetailedLocalOnly")
        case .processes(let count):
            text =
                "requests are spread over \(count) processes of the application (processesPerApplication): what one keeps in "
                + "memory the others do not know"
            (selector, value) = ("processesPerApplication", "1")
        }
        let path = ShellWord.quoted(setting.path)
        let command: String
        if case .debugFile = setting.kind {
            let debugFile = "handlerSettings.[name='debugFile']"
            command =
                setting.isDelegated
                ? appcmd("set config \(path) /section:\(section) \(ShellWord.quoted("/-" + debugFile))", picture)
                : picture.command("config unset \(path) \(section) \(ShellWord.quoted(debugFile)) --yes")
        } else {
            // A web.config is nearer than a location of the server's file, and is changed itself.
            command =
                setting.isDelegated
                ? appcmd(
                    "set config \(path) /section:\(section) \(ShellWord.quoted("/\(selector):\(value)"))", picture)
                : picture.command("config set \(path) \(section) \(ShellWord.quoted("\(selector)=\(value)")) --yes")
        }
        return Found(
            .warning, "application \"\(setting.path)\"", "\(setting.file):\(setting.line): \(text)", [command])
    }

    private static func appcmd(_ words: String, _ picture: Picture) -> String {
        let configuration =
            picture.configurationOption.isEmpty
            ? "" : " " + ShellWord.quoted("/apphostconfig:\(picture.configuration)")
        let state = picture.stateOption.isEmpty ? "" : " " + ShellWord.quoted("/state:\(picture.state)")
        return "hostelry appcmd \(words)\(configuration)\(state)"
    }
}
