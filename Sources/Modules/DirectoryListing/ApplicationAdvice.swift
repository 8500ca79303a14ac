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
    private var waiting: [String: [(String) -> Void]] = [:]
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
        var answer: NotificationStatus?
        var isWaiting = false
        find(folder) { text in
            let status = request.refuse(.directoryListingDenied, text)
            guard isWaiting else {
                answer = status
                return
            }
            request.resume(status)
        }
        isWaiting = answer == nil
        return answer ?? .pending
    }

    /// Calls `tell` once, now or in a later turn of the loop.
    private func find(_ folder: String, _ tell: @escaping (String) -> Void) {
        if let answer = known[folder], services.now < answer.since + Self.validity { return tell(answer.text) }
        if waiting[folder] != nil {
            waiting[folder]?.append(tell)
        } else {
            waiting[folder] = [tell]
            look()
        }
    }

    private func look() {
        guard !isLooking, let folder = waiting.first?.key else { return }
        isLooking = true
        let work: @Sendable () -> String = { PublishedApplication.unmappedAdvice(folder)?.text ?? "" }
        services.perform(work) { [self] text in
            isLooking = false
            if known.count >= Self.foldersLimit { known = [:] }
            known[folder] = (text, services.now)
            for tell in waiting.removeValue(forKey: folder) ?? [] { tell(text) }
            look()
        }
    }
}
