internal import Configuration
internal import Platform

/// Reads sites out of their section. What makes no site, binding or folder becomes a problem of the site.
struct SiteReader {
    private var limits = SharedReadings<Shared<Site.Limits>>()
    private var logs = SharedReadings<Shared<LogFile>>()
    private var tracings = SharedReadings<Shared<Site.Tracing>>()
    private var transportSecurities = SharedReadings<Shared<Site.TransportSecurity>>()
    /// Problems of the site being read that do not keep it from being served.
    private var warnings: [Problem] = []
    /// Those of the log that sites without one of their own have.
    private(set) var sharedWarnings: [Problem] = []

    mutating func read(_ element: Element) -> Site {
        let name = element.string("name")
        let object = "site \"\(name)\""
        warnings = []
        var errors: [Problem] = []
        var bindings: [Binding] = []
        for item in element.element("bindings").items {
            read(item, of: object, into: &bindings, errors: &errors)
        }
        let applications = element.items.map { application($0, of: name) }
        let logElement = element.element("logFile")
        // The deepest writer of a log is the site itself or nobody of it.
        let writesLog = logElement.document.map { log in element.document?.span.contains(log.span.lowerBound) ?? false }
        let log = log(logElement, object, isOwn: writesLog ?? false)
        if element.written("id").flatMap({ UInt32($0) }) == 0 {
            errors.append(
                Problem(
                    .error, at: element.source("id"), object: object, "The id 0 is not usable; give the site another"))
        }
        check(applications, of: element, object, errors: &errors)
        if bindings.isEmpty && errors.isEmpty {
            warnings.append(
                Problem(
                    .warning, at: element.source, object: object,
                    "The site has no binding and cannot start; add one, for example bindingInformation=\"*:80:www.example.com\""
                ))
        }
        return Site(
            SiteContent.Fields(
                name: name, id: element.unsigned("id"), serverAutoStart: element.bool("serverAutoStart"),
                bindings: bindings, applications: applications,
                limits: limits.value(of: element.element("limits"), Self.limits), log: log,
                tracing: tracings.value(of: element.element("traceFailedRequestsLogging"), Self.tracing),
                transportSecurity: transportSecurities.value(of: element.element("hsts"), Self.transportSecurity),
                line: SourceLine(element.source.line), quarantine: errors, warnings: warnings,
                inheritsLog: !(writesLog ?? false)))
    }

    private mutating func read(
        _ item: Element, of object: String, into bindings: inout [Binding], errors: inout [Problem]
    ) {
        let name = item.string("protocol").lowercased()
        guard name == "http" || name == "https" else {
            let text =
                "The protocol \(name) is not served; the binding \(item.string("bindingInformation")) stays closed"
            warnings.append(Problem(.warning, at: item.source, object: object, text))
            return
        }
        let information = item.string("bindingInformation")
        do throws(BindingRefusal) {
            bindings.append(
                try Binding(
                    protocol: name, information: information, sslFlags: item.unsigned("sslFlags"),
                    line: item.source.line))
        } catch {
            errors.append(
                Problem(
                    .error, at: item.source, object: object,
                    "The binding '\(information)' is not usable: \(error.reason)"))
        }
    }

    private mutating func application(_ element: Element, of site: String) -> Application {
        let path = element.string("path")
        return Application(
            path: path, pool: element.string("applicationPool"),
            autoStartProvider: element.bool("serviceAutoStartEnabled")
                ? element.string("serviceAutoStartProvider") : nil,
            enabledProtocols: element.string("enabledProtocols").split(separator: ",").map { $0.lowercased() },
            preloadEnabled: element.bool("preloadEnabled"),
            virtualDirectories: element.items.map { directory in
                VirtualDirectory(
                    path: directory.string("path"), physicalPath: FilePath.trimmed(directory.string("physicalPath")),
                    userName: directory.string("userName"), password: directory.written("password") ?? "",
                    logonMethod: directory.member("logonMethod"),
                    allowSubDirConfig: directory.bool("allowSubDirConfig"),
                    isCaseSensitive: directory.bool("caseSensitive"),
                    line: SourceLine(directory.source.line))
            },
            line: SourceLine(element.source.line))
    }

    /// Every site needs a root application, every application a root folder (reference §3.9).
    private mutating func check(
        _ applications: [Application], of element: Element, _ object: String, errors: inout [Problem]
    ) {
        if !applications.contains(where: { $0.path == "/" }) {
            errors.append(
                Problem(
                    .error, at: element.source, object: object,
                    "The site has no root application; add <application path=\"/\">"))
        }
        for application in applications {
            let file = element.source.file ?? ""
            if !application.virtualDirectories.contains(where: { $0.path == "/" || $0.path.isEmpty }) {
                errors.append(
                    Problem(
                        .error, file: file, line: application.line.number, object: object,
                        "The application \(application.path) has no root folder; add <virtualDirectory path=\"/\" physicalPath=\"…\"/>"
                    ))
            }
            for directory in application.virtualDirectories { check(directory, file, object, errors: &errors) }
        }
    }

    private mutating func check(
        _ directory: VirtualDirectory, _ file: String, _ object: String, errors: inout [Problem]
    ) {
        let path = directory.physicalPath
        if VirtualDirectory.isWindowsPath(path) {
            warnings.append(
                Problem(
                    .warning, file: file, line: directory.line.number, object: object,
                    "The folder '\(path)' is a path of Windows; name the folder where the content lies on this machine")
            )
        } else if !path.hasPrefix("/") {
            errors.append(
                Problem(
                    .error, file: file, line: directory.line.number, object: object,
                    "The folder '\(path)' is not an absolute path; write one that begins with / or %HOSTELRY_CONFIG_DIR%"
                ))
        }
    }

    /// What several sites share is complained about once, and is no site's fault.
    private mutating func log(_ element: Element, _ object: String, isOwn: Bool) -> Shared<LogFile> {
        var texts: [String] = []
        let log = logs.value(of: element) { element in
            let log = LogFile(element)
            texts = log.shortcomings
            return Shared(log)
        }
        let problems = texts.map { Problem(.warning, at: element.source, object: isOwn ? object : "", $0) }
        if isOwn { warnings += problems } else { sharedWarnings += problems }
        return log
    }

    private static func limits(_ element: Element) -> Shared<Site.Limits> {
        Shared(
            Site.Limits(
                maxBandwidth: element.unsigned("maxBandwidth"), maxConnections: element.unsigned("maxConnections"),
                connectionTimeout: element.span("connectionTimeout"), maxUrlSegments: element.unsigned("maxUrlSegments")
            ))
    }

    private static func tracing(_ element: Element) -> Shared<Site.Tracing> {
        Shared(
            Site.Tracing(
                enabled: element.bool("enabled"), directory: element.string("directory"),
                maxLogFiles: element.unsigned("maxLogFiles"), maxLogFileSizeKB: element.unsigned("maxLogFileSizeKB"),
                customActionsEnabled: element.bool("customActionsEnabled")))
    }

    private static func transportSecurity(_ element: Element) -> Shared<Site.TransportSecurity> {
        Shared(
            Site.TransportSecurity(
                enabled: element.bool("enabled"), maxAge: element.unsigned("max-age"),
                includeSubDomains: element.bool("includeSubDomains"), preload: element.bool("preload"),
                redirectHTTPToHTTPS: element.bool("redirectHttpToHttps")))
    }
}
