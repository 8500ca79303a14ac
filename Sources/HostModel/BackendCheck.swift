internal import Configuration

/// What keeps the program behind a place from starting, and what it will miss, as far as the sections tell.
enum BackendCheck {
    static func problems(at configuration: PathConfiguration, object: String) -> [Problem] {
        // What cannot be read has been told as an error.
        guard let handlers = try? BackendHandlers(configuration) else { return [] }
        var problems: [Problem] = []
        if handlers.hasCoreModule, let section = try? configuration.section("system.webServer/aspNetCore") {
            problems += mistakes(in: section, object)
            problems += windowsToken(section, configuration, object)
        }
        if handlers.hasHTTPPlatform, let section = try? configuration.section("system.webServer/httpPlatform") {
            problems += mistakes(in: section, object)
        }
        return problems
    }

    /// Where nothing is written, the server's handlers name the module for applications that say what they are.
    private static func mistakes(in section: Element, _ object: String) -> [Problem] {
        guard section.isWritten, let mistake = BackendSection.mistake(in: section) else { return [] }
        let own = section.schema.attribute(mistake.attribute) == nil ? nil : section.source(mistake.attribute)
        let source = own.flatMap { $0.file == nil ? nil : $0 } ?? section.source
        guard source.file != nil, !source.isBuiltIn else { return [] }
        return [
            Problem(.error, at: source, object: object, "\(mistake.text) The application does not start (500)")
        ]
    }

    private static func windowsToken(
        _ section: Element, _ configuration: PathConfiguration, _ object: String
    ) -> [Problem] {
        let windows = try? configuration.section("system.webServer/security/authentication/windowsAuthentication")
        guard section.isWritten, section.bool("forwardWindowsAuthToken"), let windows, windows.bool("enabled") else {
            return []
        }
        let own = section.source("forwardWindowsAuthToken")
        let source = own.file == nil ? windows.source("enabled") : own
        guard source.file != nil, !source.isBuiltIn else { return [] }
        return [
            Problem(
                .warning, at: source, object: object,
                "'forwardWindowsAuthToken' has no effect here: there is no Windows authentication, so applications get no "
                    + "token of a Windows user")
        ]
    }
}
