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

    static func failure(
        _ failure: ProgramFailure, _ request: RequestContext, environment: [(name: String, value: String)]
    ) -> NotificationStatus {
        switch failure {
        case .settings(let failure):
            return request.refuse(
                .internalError, [failure.text, failure.place].compactMap(\.self).joined(separator: "\n"))
        case .hosting(let refusal, let setup):
            let kind: StartFailure =
                switch refusal {
                case .mixedHostingModels: .hostingModelsMixed
                case .sharedPool: .secondInProcessApplication
                case .wrongArchitecture, .wrongRuntime: .hostNotLoaded
                }
            return StartFailureAnswer(setup.settings, environment: environment).give(kind, refusal.text, to: request)
        }
    }

    static func failure(
        _ failure: BackendFailure, _ request: RequestContext, _ starts: StartFailureAnswer?
    ) -> NotificationStatus {
        let details = [failure.text, failure.output].filter { !$0.isEmpty }.joined(separator: "\n")
        return starts?.give(.processNotStarted, details, to: request)
            ?? request.refuse(.applicationNotStarted, failure.text)
    }

    /// The worker ends, or the application is no longer its own.
    static func shutdown(_ request: RequestContext) -> NotificationStatus { request.refuse(.applicationStopping) }
}

extension StartFailureAnswer {
    init(_ settings: BackendSettings, environment: [(name: String, value: String)]) {
        self.init(
            disablesPage: settings.disableStartUpErrorPage, variables: settings.environmentVariables,
            environment: environment)
    }
}
