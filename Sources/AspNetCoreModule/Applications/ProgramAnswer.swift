import HostModel
import Pipeline
import Wire

/// What visitors are answered where an application's program does not answer.
enum ProgramAnswer {
    /// `app_offline.htm`, whatever the application's own pages for errors are.
    static func offline(_ page: OfflinePage, _ request: RequestContext) -> NotificationStatus {
        request.response.set(status: 503)
        request.response.headers.append("Content-Type", "text/html")
        request.response.body = .bytes(page.body)
        request.response.skipsCustomErrors = true
        return .continue
    }

    static func failure(_ failure: ProgramFailure, _ request: RequestContext) -> NotificationStatus {
        switch failure {
        case .settings(let failure):
            request.refuse(.internalError, [failure.text, failure.place].compactMap(\.self).joined(separator: "\n"))
        case .hosting(let refusal): request.refuse(.internalError, refusal.text)
        }
    }

    static func failure(_ failure: BackendFailure, _ request: RequestContext) -> NotificationStatus {
        request.refuse(.badGateway, failure.text)
    }

    /// The worker ends, or the application is no longer its own.
    static func shutdown(_ request: RequestContext) -> NotificationStatus { request.refuse(.applicationStopping) }
}
