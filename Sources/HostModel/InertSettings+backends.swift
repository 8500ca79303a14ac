internal import Configuration

/// Sections: `aspNetCore`, and the handlers that lead to it.
extension InertSettings {
    static let backendRules = [
        Rule(section: "system.webServer/aspNetCore", findings: aspNetCore),
        Rule(section: "system.webServer/httpPlatform") { section in recycledFiles(section) },
        Rule(section: "system.webServer/handlers", findings: firstVersion),
    ]

    @Sendable
    private static func aspNetCore(_ section: Element) -> [Finding] {
        recycledFiles(section)
            + section.element("handlerSettings").items.compactMap { item in
                let name = item.string("name")
                guard !readKeys.contains(name.lowercased()) else { return nil }
                let why =
                    inProcessKeys.contains(name.lowercased())
                    ? "it is for programs in the worker process, and every program runs behind it"
                    : "no version of the module reads it"
                return Finding(
                    source: item.source, message: "handlerSetting '\(name)' has no effect here: \(why)")
            }
    }

    /// Those of `handlerSettings` that are read, in lower case.
    private static let readKeys: Set = [
        "debugfile", "debuglevel", "disallowrotationonconfigchange", "enableoutofprocessconsoleredirection",
        "forwardresponseconnectionheader", "shutdowndelay",
    ]

    private static let inProcessKeys: Set = [
        "callstartuphook", "cleanshadowcopydirectory", "enableshadowcopy", "experimentalenableshadowcopy",
        "handlerversion", "setcurrentdirectory", "shadowcopydirectory", "stacksize", "suppressrecycleonstartuptimeout",
    ]

    private static func recycledFiles(_ section: Element) -> [Finding] {
        guard let file = section.element("recycleOnFileChange").items.first else { return [] }
        return [
            Finding(
                source: file.source,
                message: "'recycleOnFileChange' has no effect here, nor in IIS: the module never read it")
        ]
    }

    @Sendable
    private static func firstVersion(_ section: Element) -> [Finding] {
        section.items.filter { $0.string("modules") == BackendHandlers.firstVersion }.map { entry in
            Finding(
                source: entry.source("modules"),
                message:
                    "\(entry.string("name")) names version 1 of the ASP.NET Core Module, and version 2 answers, out of "
                    + "process and by its own rules: requestTimeout counts to the second, not in whole minutes, and a "
                    + "variable of environmentVariables replaces the pool's of its name where version 1 appended to it")
        }
    }
}
