internal import Configuration

/// Sections that nothing reads: one warning for each that says something.
extension InertSettings {
    static let unreadSections: [(name: String, why: String)] = [
        ("asp", "there is no Active Server Pages"),
        ("cgi", "CGI programs are not run; what their handlers take is answered with 500.21"),
        ("fastCgi", "FastCGI programs are not run yet; what their handlers take is answered with 500.21"),
        ("httpLogging", "all requests of a site are logged, as its logFile says"),
        ("httpTracing", "events of requests are not traced"),
        ("isapiFilters", "ISAPI filters are not loaded"),
        ("odbcLogging", "requests are logged to files alone"),
        ("rewrite/allowedServerVariables", "URL Rewrite is not there yet"),
        (
            "rewrite/globalRules",
            "URL Rewrite is not there yet; rules that deny requests refuse everything they stand for"
        ),
        ("rewrite/outboundRules", "URL Rewrite is not there yet"),
        ("rewrite/providers", "URL Rewrite is not there yet"),
        ("rewrite/rewriteMaps", "URL Rewrite is not there yet"),
        ("rewrite/rules", "URL Rewrite is not there yet; rules that deny requests refuse everything they stand for"),
        ("security/applicationDependencies", "no features of the server are switched together"),
        ("security/isapiCgiRestriction", "neither ISAPI nor CGI programs are run"),
        ("serverSideInclude", "there are no server-side includes"),
        ("tracing/traceFailedRequests", "failed requests are not traced yet"),
        ("webdav/authoring", "there is no WebDAV"),
        ("webdav/authoringRules", "there is no WebDAV"),
        ("webdav/globalSettings", "there is no WebDAV"),
    ]

    static let sectionRules =
        unreadSections.map { unread in
            Rule(section: "system.webServer/\(unread.name)") { section in
                guard let source = section.firstStatement else { return [] }
                return [
                    Finding(
                        source: source,
                        message: "Section 'system.webServer/\(unread.name)' has no effect here: \(unread.why)")
                ]
            }
        } + [
            Rule(section: "system.webServer/applicationInitialization") { section in
                section.inert([
                    ("remapManagedRequestsTo", "no client is served before an application is warm"),
                    ("skipManagedModules", "there are no managed modules"),
                ])
            },
            Rule(section: "system.webServer/webSocket") { section in
                section.inert([
                    ("receiveBufferLimit", "frames go to the application as they come"),
                    ("pingInterval", "frames go to the application as they come, and it sends its own"),
                ])
            },
        ]
}

extension Element {
    /// Where some file, and not the program's own configuration, first says something that the schema does not: an attribute
    /// of another value than the default's, or an item.
    fileprivate var firstStatement: Provenance? {
        guard isWritten else { return nil }
        for attribute in schema.attributes
        where isSet(attribute.name) && value(attribute.name) != attribute.defaultValue {
            let source = source(attribute.name)
            if !source.isBuiltIn { return source }
        }
        if let item = items.first(where: { !$0.source.isBuiltIn }) { return item.source }
        for inner in schema.elements {
            if let found = element(inner.name).firstStatement { return found }
        }
        return nil
    }
}
