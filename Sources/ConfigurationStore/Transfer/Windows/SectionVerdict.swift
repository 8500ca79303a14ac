/// What becomes of a section of Windows on this server.
public enum SectionVerdict: Hashable, Sendable {
    /// It does what it does on Windows; `hostelry check` names the attributes that do not.
    case works
    /// Something of this server's own stands for it; nothing is to be done.
    case replaced(String)
    /// It is kept and does nothing; an administrator decides what comes in its place.
    case unavailable(String)

    /// Of the section or, where nobody knows it, of the group that it is in.
    ///
    /// - Parameter isDescribed: whether a schema file says what is in it.
    public static func of(_ section: String, isDescribed: Bool = false) -> SectionVerdict {
        if let known = sections[section] { return known }
        for (group, verdict) in groups where section == group || section.hasPrefix("\(group)/") { return verdict }
        return .unavailable(
            isDescribed
                ? "its schema is here, so that tools can read and change it; no module acts on it"
                : "nobody knows this section here; it is kept as it is")
    }

    static let groups: [(String, SectionVerdict)] = [
        ("system.ftpServer", .unavailable("there is no FTP server; use one of this system")),
        ("system.webServer/webdav", .unavailable("there is no WebDAV module")),
        ("system.webServer/tracing", .unavailable("failed requests are not traced yet; see 'hostelry explain'")),
        (
            "system.webServer/rewrite",
            .unavailable("there is no URL Rewrite yet; what its rules would do does not happen")
        ),
        ("system.webServer/management", .unavailable("there is no remote management service; see 'hostelry --help'")),
        (
            "system.web",
            .unavailable("the .NET Framework is never there; ASP.NET Core applications need no such section")
        ),
    ]

    static let sections: [String: SectionVerdict] = [
        "administrators": management, "administratorsProviders": management, "moduleProviders": management,
        "modules": management,
        "configPaths": .replaced("'hostelry check' and 'hostelry config show' tell it of the files as they are"),
        "configProtectedData": .replaced("secrets are sealed with this server's own key; see 'hostelry keys'"),
        "configurationRedirection": .works,
        "system.applicationHost/applicationPools": .works,
        "system.applicationHost/configHistory": .works,
        "system.applicationHost/customMetadata": .unavailable("it is kept for tools that write it; nothing reads it"),
        "system.applicationHost/listenerAdapters": .unavailable("only http is listened to"),
        "system.applicationHost/log": .works,
        "system.applicationHost/serviceAutoStartProviders": .unavailable(
            "managed types are not loaded; preloadEnabled and startMode=\"AlwaysRunning\" start applications early"),
        "system.applicationHost/sites": .works,
        "system.applicationHost/webLimits": .works,
        "system.webServer/applicationInitialization": .unavailable("applications are not warmed up by requests yet"),
        "system.webServer/asp": .unavailable("there is no classic ASP"),
        "system.webServer/aspNetCore": .works,
        "system.webServer/caching": .works,
        "system.webServer/cgi": .unavailable("there is no CGI"),
        "system.webServer/cors": .works,
        "system.webServer/defaultDocument": .works,
        "system.webServer/directoryBrowse": .works,
        "system.webServer/fastCgi": .unavailable("there is no FastCGI yet; its applications answer 500.21"),
        "system.webServer/globalModules": .replaced("modules are compiled in; entries with IIS's names mean them"),
        "system.webServer/handlers": .works,
        "system.webServer/httpCompression": .works,
        "system.webServer/httpErrors": .works,
        "system.webServer/httpLogging": .unavailable("every request is logged as the site's logFile says"),
        "system.webServer/httpPlatform": .works,
        "system.webServer/httpProtocol": .works,
        "system.webServer/httpRedirect": .works,
        "system.webServer/httpTracing": .unavailable("there is no tracing of Windows"),
        "system.webServer/isapiFilters": .unavailable("there are no ISAPI filters"),
        "system.webServer/modules": .works,
        "system.webServer/odbcLogging": .unavailable("logs are files"),
        "system.webServer/security/access": .works,
        "system.webServer/security/applicationDependencies": .unavailable("only tools of Windows read it"),
        "system.webServer/security/authentication/anonymousAuthentication": .works,
        "system.webServer/security/authentication/basicAuthentication": .works,
        "system.webServer/security/authentication/clientCertificateMappingAuthentication": authentication,
        "system.webServer/security/authentication/digestAuthentication": authentication,
        "system.webServer/security/authentication/iisClientCertificateMappingAuthentication": authentication,
        "system.webServer/security/authentication/windowsAuthentication": authentication,
        "system.webServer/security/authorization": .works,
        "system.webServer/security/dynamicIpSecurity": .works,
        "system.webServer/security/ipSecurity": .works,
        "system.webServer/security/isapiCgiRestriction": .unavailable("there are no ISAPI extensions and no CGI"),
        "system.webServer/security/requestFiltering": .works,
        "system.webServer/serverRuntime": .works,
        "system.webServer/serverSideInclude": .unavailable("there are no server-side includes"),
        "system.webServer/staticContent": .works,
        "system.webServer/urlCompression": .works,
        "system.webServer/validation": .works,
        "system.webServer/webSocket": .works,
    ]

    private static let management: SectionVerdict = .unavailable(
        "there is no IIS Manager to connect; see 'hostelry --help'")
    private static let authentication: SectionVerdict = .unavailable(
        "this way of signing in is not there: where it is the only one, requests answer 401.2")
}
