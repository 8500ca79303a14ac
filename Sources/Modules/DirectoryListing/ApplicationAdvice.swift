import Configuration
import DotNet
import Pipeline
import Platform

/// Tells whoever may read about the server's insides that a folder which is not listed holds an application that nothing
/// hands requests to.
///
/// What a folder holds is looked at on another thread, one folder at a time, and remembered for some seconds.
final class ApplicationAdvice {
    /// Unit: milliseconds.
    static let validity: UInt64 = 5000
    private static let foldersLimit = 256

    private let services: any ModuleServices
    private var known: [String: (text: String, since: UInt64)] = [:]
    private var waiting: [(folder: String, request: RequestContext)] = []
    private var isLooking = false

    init(_ services: any ModuleServices) { self.services = services }

    /// Who is told, as `httpErrors` says who sees detailed errors.
    enum Audience: Sendable {
        case everybody, local, nobody

        init(_ section: Element) {
            self =
                switch CustomErrorModule.Mode(rawValue: section.member("errorMode")) {
                case .detailed: .everybody
                case .detailedLocalOnly: .local
                case .custom, nil: .nobody
                }
        }

        func includes(_ request: RequestContext) -> Bool {
            switch self {
            case .everybody: true
            case .local: request.isLocal
            case .nobody: false
            }
        }
    }

    /// The folder of the request's application; nil where the request is not for the application itself.
    static func folder(of request: RequestContext) -> String? {
        let resolution = request.resolution
        guard resolution.relativePath?.bytes.elementsEqual([UInt8(ascii: ".")]) == true, !resolution.isRemote,
            request.contentRoots.first == resolution.root
        else { return nil }
        return String(validating: resolution.root.bytes, as: UTF8.self)
    }

    /// Refuses the request, with advice where there is some.
    func refuse(_ request: RequestContext, folder: String) -> NotificationStatus {
        if let answer = known[folder], services.now < answer.since + Self.validity {
            return request.refuse(.directoryListingDenied, answer.text)
        }
        waiting.append((folder, request))
        look()
        return .pending
    }

    private func look() {
        guard !isLooking, let folder = waiting.first?.folder else { return }
        isLooking = true
        let work: @Sendable () -> String = { PublishedApplication.unmappedAdvice(folder)?.text ?? "" }
        services.perform(work) { [self] text in
            isLooking = false
            if known.count >= Self.foldersLimit { known = [:] }
            known[folder] = (text, services.now)
            let answered = waiting.filter { $0.folder == folder }
            waiting.removeAll { $0.folder == folder }
            for (_, request) in answered { request.resume(request.refuse(.directoryListingDenied, text)) }
            look()
        }
    }
}
