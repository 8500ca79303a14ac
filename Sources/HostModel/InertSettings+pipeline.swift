internal import Configuration

/// Sections: `globalModules`, `modules`, `handlers`.
extension InertSettings {
    static let pipelineRules = [
        Rule(section: "system.webServer/globalModules", findings: globalModules),
        Rule(section: "system.webServer/modules", findings: modules),
        Rule(section: "system.webServer/handlers", findings: handlers),
    ]

    /// One for the section: every module of a server that was brought here from Windows has its file.
    @Sendable
    private static func globalModules(_ section: Element) -> [Finding] {
        let first = section.items.first { !$0.source.isBuiltIn && $0.isSet("image") && !$0.string("image").isEmpty }
        let image = first.map { [$0.inert("image", "modules are compiled in, no file is loaded")] } ?? []
        return image + section.items.flatMap(unknownTokens)
    }

    @Sendable
    private static func modules(_ section: Element) -> [Finding] {
        section.inert([("runManagedModulesForWebDavRequests", "there is no WebDAV module")])
            + section.items.filter { !$0.string("type").isEmpty }.map {
                $0.inert("type", "managed modules are not loaded, \($0.string("name")) does nothing")
            } + section.items.flatMap(unknownTokens)
    }

    @Sendable
    private static func handlers(_ section: Element) -> [Finding] {
        var findings: [Finding] = []
        if section.isSet("accessPolicy"), section.flags("accessPolicy") & sourceFlag != 0 {
            findings.append(
                section.inert("accessPolicy", "Source lets nobody read anything, there is no WebDAV module"))
        }
        var hasToldStock = false
        for entry in section.items {
            let name = entry.string("name")
            if wantsRuntime(entry) {
                // The server's own file has some seventy of them, of which one is told.
                guard entry.isDelegated("preCondition") || !hasToldStock else { continue }
                hasToldStock = hasToldStock || !entry.isDelegated("preCondition")
                findings.append(
                    entry.inert(
                        "preCondition",
                        "the .NET Framework is never there: in a pool of that version what \(name) takes is answered with "
                            + "500.21, elsewhere the next handler takes it"))
            } else if !entry.string("type").isEmpty {
                findings.append(
                    entry.inert("type", "managed types are not loaded, what \(name) takes is answered with 500.21"))
            }
            findings += entry.inert([("responseBufferLimit", "a response is made as the client takes it")])
        }
        return findings + section.items.flatMap(unknownTokens)
    }

    private static func wantsRuntime(_ entry: Element) -> Bool {
        PreCondition.list(entry.string("preCondition")).contains { token in
            if case .runtimeVersion = token { true } else { false }
        }
    }

    /// Tokens that hold nowhere, misspelled ones for example.
    private static func unknownTokens(_ entry: Element) -> [Finding] {
        PreCondition.list(entry.string("preCondition")).compactMap { token in
            guard case .unknown(let text) = token else { return nil }
            return Finding(
                source: entry.source("preCondition"),
                message: "'\(text)' of preCondition holds nowhere: \(entry.string("name")) is as if it were not there")
        }
    }

    /// `Source` of `accessPolicy`.
    private static let sourceFlag: UInt32 = 16
}
