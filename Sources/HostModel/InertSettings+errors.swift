internal import Configuration

/// Sections: `httpErrors`, `httpRedirect`, `httpProtocol`, `defaultDocument`, `serverRuntime`.
extension InertSettings {
    static let errorRules = [
        Rule(section: "system.webServer/httpErrors", findings: httpErrors),
        Rule(section: "system.webServer/httpRedirect", findings: httpRedirect),
        Rule(section: "system.webServer/httpProtocol", findings: httpProtocol),
        Rule(section: "system.webServer/defaultDocument", findings: defaultDocument),
        Rule(section: "system.webServer/serverRuntime", findings: serverRuntime),
    ]

    @Sendable
    private static func httpErrors(_ section: Element) -> [Finding] {
        var findings: [Finding] = []
        let allowsAbsolute = section.bool("allowAbsolutePathsWhenDelegated")
        for entry in section.items {
            let status = "\(entry.integer("statusCode"))"
            let path = entry.string("path")
            let prefix = entry.string("prefixLanguageFilePath")
            switch entry.member("responseMode") {
            case "ExecuteURL":
                if !path.hasPrefix("/") {
                    findings.append(entry.inert("path", "for status \(status) it is no URL path of the site: \(path)"))
                }
            case "Redirect": break
            default:
                let place = prefix.isEmpty ? path : prefix
                let isDelegated = entry.isDelegated(prefix.isEmpty ? "path" : "prefixLanguageFilePath")
                if VirtualDirectory.isWindowsPath(place) {
                    // The stock files' folder: the built-in pages stand for them, in the stock entries by design.
                    guard !place.lowercased().hasSuffix("\\inetpub\\custerr") else { continue }
                    findings.append(
                        entry.inert(
                            "path",
                            "the page for status \(status) lies on a Windows machine; the built-in one stands for it"))
                } else if place.hasPrefix("/"), isDelegated, !allowsAbsolute {
                    findings.append(
                        entry.inert(
                            "path",
                            "a web.config may only name error pages relative to the site, not \(place) for status \(status)"
                        ))
                }
            }
        }
        let link = section.string("detailedMoreInformationLink")
        if section.isSet("detailedMoreInformationLink"), !link.isEmpty, !isWebAddress(link) {
            findings.append(section.inert("detailedMoreInformationLink", "only http and https addresses are linked"))
        }
        return findings
    }

    @Sendable
    private static func httpRedirect(_ section: Element) -> [Finding] {
        guard section.bool("enabled"), section.string("destination").isEmpty, section.items.isEmpty else { return [] }
        return [section.inert("enabled", "there is neither a destination nor a wildcard")]
    }

    /// What frames a message is the router's own to say.
    private static let framing: Set<String> = [
        "connection", "content-length", "keep-alive", "transfer-encoding", "date", "upgrade", "trailer",
    ]

    @Sendable
    private static func httpProtocol(_ section: Element) -> [Finding] {
        ["customHeaders", "redirectHeaders"].flatMap { collection in
            section.element(collection).items.compactMap { entry in
                let name = entry.string("name")
                guard framing.contains(name.lowercased()) else { return nil }
                return entry.inert("name", "the server itself says what the header \(name) does")
            }
        }
    }

    @Sendable
    private static func defaultDocument(_ section: Element) -> [Finding] {
        section.element("files").items.compactMap { entry in
            let name = entry.string("value")
            let leadsOut = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains { $0 == ".." || $0 == "." }
            guard name.isEmpty || leadsOut else { return nil }
            return entry.inert("value", "\"\(name)\" names no file below the folder")
        }
    }

    @Sendable
    private static func serverRuntime(_ section: Element) -> [Finding] {
        section.inert([
            ("uploadReadAheadSize", "a request's content is read when the application asks for it"),
            ("alternateHostName", "no response has a Content-Location field with the machine's name"),
            ("enableNagling", "what is sent leaves at once"),
            ("authenticatedUserOverride", "requests run as the pool's user"),
        ])
    }

    private static func isWebAddress(_ address: String) -> Bool {
        let scheme = address.prefix { $0 != ":" }.lowercased()
        return scheme == "http" || scheme == "https"
    }
}
