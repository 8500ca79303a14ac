import Configuration
import Pipeline
import Platform
import Wire

/// Gives a response that went wrong its page: the one that the configuration names, the built-in plain page, or for
/// those who may read about the server's insides the detailed one.
///
/// Section: `system.webServer/httpErrors`; the type of a page's file comes from `system.webServer/staticContent`. Stage:
/// SendResponse, before modules that change bodies. Statuses below 400 are left alone, and so are the four for which IIS
/// has no custom errors. What goes wrong while a page is made ends in the built-in one.
final class CustomErrorModule: Module {
    static let section = "system.webServer/httpErrors"

    enum Mode: String {
        case detailedLocalOnly = "DetailedLocalOnly"
        case custom = "Custom"
        case detailed = "Detailed"
    }

    enum ExistingResponse: String {
        case auto = "Auto"
        case replace = "Replace"
        case passThrough = "PassThrough"
    }

    private struct Key: Hashable {
        let status: UInt16
        /// Nil for every sub-status that has no entry of its own.
        let subStatus: UInt16?
    }

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        let files = ErrorFiles(services)
        let reports = ErrorReports(services)
        let language = CurrentProcess.variable("LANG").flatMap { AcceptedLanguages.ofLocale($0) }
        return ModuleDefinition(
            name: "CustomErrorModule", sections: [section, StaticFileModule.section], stages: .on(.sendResponse),
            priority: .high
        ) { configuration throws(ConfigurationError) in
            try CustomErrorModule(
                configuration.section(section), MIMEMap(configuration.section(StaticFileModule.section)), files,
                reports, language: language)
        }
    }

    private let mode: Mode
    private let existing: ExistingResponse
    private let entries: [Key: ErrorEntry]
    private let fallback: ErrorEntry?
    private let moreInformation: String
    private let types: MIMEMap
    private let files: ErrorFiles
    private let reports: ErrorReports
    private let language: String?

    init(
        _ section: Element, _ types: MIMEMap, _ files: ErrorFiles, _ reports: ErrorReports, language: String?
    ) throws(ConfigurationError) {
        mode = Mode(rawValue: section.member("errorMode")) ?? .custom
        existing = ExistingResponse(rawValue: section.member("existingResponse")) ?? .auto
        moreInformation = section.string("detailedMoreInformationLink")
        let allowsAbsolute = section.bool("allowAbsolutePathsWhenDelegated")
        fallback = try ErrorEntry(defaultOf: section, allowsAbsolute: allowsAbsolute)
        var entries: [Key: ErrorEntry] = [:]
        for item in section.items {
            let key = Key(
                status: UInt16(clamping: item.integer("statusCode")),
                subStatus: UInt16(exactly: item.integer("subStatusCode")))
            entries[key] = try ErrorEntry(item, allowsAbsolute: allowsAbsolute)
        }
        self.entries = entries
        self.types = types
        self.files = files
        self.reports = reports
        self.language = language
    }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.isError, replacesBody(of: request.response) else { return .continue }
        guard !isDetailed(request) else {
            request.showErrorPage(details: moreInformation)
            return .continue
        }
        guard let entry = entry(request.response.status, request.response.subStatus) else {
            request.showErrorPage()
            return .continue
        }
        switch entry.action {
        case .file(let file): return showFile(file, entry, request)
        case .execute(let path, let query):
            return request.executeErrorPage(path: path, query: Self.query(query, request))
        case .redirect(let location):
            _ = request.redirect(to: location, status: 302)
            return .continue
        case .refused(let reason):
            reports.tell(entry, request, reason)
            request.showErrorPage()
            return .continue
        }
    }

    private func replacesBody(of response: Response) -> Bool {
        if case .none = response.body { return true }
        return switch existing {
        case .auto: !response.skipsCustomErrors
        case .replace: true
        case .passThrough: false
        }
    }

    private func isDetailed(_ request: RequestContext) -> Bool {
        switch mode {
        case .detailed: true
        case .detailedLocalOnly: request.isLocal
        case .custom: false
        }
    }

    private func entry(_ status: UInt16, _ subStatus: UInt16) -> ErrorEntry? {
        guard !Self.isFixed(status, subStatus) else { return nil }
        return entries[Key(status: status, subStatus: subStatus)] ?? entries[Key(status: status, subStatus: nil)]
            ?? fallback
    }

    /// Errors whose page nobody chooses: too many users, and an application that goes, comes or is asked for itself.
    private static func isFixed(_ status: UInt16, _ subStatus: UInt16) -> Bool {
        switch (status, subStatus) {
        case (403, 9), (500, 11), (500, 14), (500, 15): true
        default: false
        }
    }

    private func showFile(_ file: ErrorFile, _ entry: ErrorEntry, _ request: RequestContext) -> NotificationStatus {
        let places = file.places(languages: languages(request), roots: request.contentRoots)
        var content: ErrorFiles.Content?
        var isWaiting = false
        files.find(places) { [self] found in
            content = found
            guard isWaiting else { return }
            show(found, file, entry, request)
            request.resume(.continue)
        }
        guard let content else {
            isWaiting = true
            return .pending
        }
        show(content, file, entry, request)
        return .continue
    }

    private func show(_ content: ErrorFiles.Content, _ file: ErrorFile, _ entry: ErrorEntry, _ request: RequestContext)
    {
        switch content {
        case .page(let bytes):
            request.dropRepresentation()
            let name = file.name
            request.setErrorBody(bytes, type: types.type(of: name.span) ?? Self.html)
        case .missing:
            // Files of Windows are not there on this machine: the built-in pages stand for the stock ones.
            if !file.isElsewhere { reports.tell(entry, request, "there is no such file") }
            request.showErrorPage()
        case .unusable(let reason):
            reports.tell(entry, request, reason)
            request.showErrorPage()
        }
    }

    private func languages(_ request: RequestContext) -> [String] {
        let head = request.head
        let field = head.field("accept-language").map { [UInt8](copying: head.value(ofField: $0)) } ?? []
        return AcceptedLanguages.folders(String(decoding: field, as: UTF8.self), server: language)
    }

    /// The page's own query and what IIS hands on of the URL that went wrong: `404;http://host:80/path`.
    private static func query(_ own: [UInt8], _ request: RequestContext) -> [UInt8] {
        let address = PercentEncoding.encode(location: request.head.url(withPort: true))
        let cause = Array("\(request.response.status);".utf8) + address
        return own.isEmpty ? cause : own + [0x26] + cause
    }

    private static let html = Array("text/html".utf8)
}

/// Tells the administrator of error pages that cannot be shown, each reason once.
final class ErrorReports {
    private let services: any ModuleServices
    private var told: Set<String> = []
    private static let limit = 256

    init(_ services: any ModuleServices) { self.services = services }

    func tell(_ entry: ErrorEntry, _ request: RequestContext, _ reason: String) {
        let text =
            "Site \"\(request.resolution.siteName)\": the error page \(entry.path) for status "
            + "\(request.response.status) cannot be shown, the built-in one is instead: \(reason)"
        guard told.count < Self.limit, told.insert(text).inserted else { return }
        services.report(text)
    }
}
