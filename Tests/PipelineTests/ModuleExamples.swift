import Configuration
import Pipeline
import Wire

// The examples of the article "Writing a module".

/// Tells clients how long an answer took to make, at the URLs that an administrator follows.
///
/// Section: `system.webServer/httpTracing`. Stage: SendResponse, last, when the others have taken their time.
final class AnswerTimeModule: Module {
    static let section = "system.webServer/httpTracing"

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        ModuleDefinition(
            name: "AnswerTimeModule", sections: [section], stages: .on(.sendResponse), sendingPriority: .last
        ) { configuration throws(ConfigurationError) in
            let urls = try configuration.section(section).element("traceUrls").items
            if urls.isEmpty { return nil }
            return AnswerTimeModule(Set(urls.map { Array($0.string("value").utf8) }), services)
        }
    }

    private let urls: Set<[UInt8]>
    private let services: any ModuleServices

    init(_ urls: Set<[UInt8]>, _ services: any ModuleServices) {
        self.urls = urls
        self.services = services
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard urls.contains(request.resolution.path) else { return .continue }
        let time = Array("total;dur=\(services.now - request.startedAt)".utf8)
        request.response.headers.append("Server-Timing", time.span)
        return .continue
    }
}

/// Lets those wait who are not let in, so that guessing takes its time.
///
/// No section. Stage: SendResponse.
final class PatienceModule: Module {
    /// Unit: milliseconds.
    static let wait: UInt64 = 500

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        ModuleDefinition(name: "PatienceModule", sections: [], stages: .on(.sendResponse)) { _ in
            PatienceModule(services)
        }
    }

    private let services: any ModuleServices

    init(_ services: any ModuleServices) { self.services = services }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.response.status == 401 else { return .continue }
        services.after(milliseconds: Self.wait) { request.resume(.continue) }
        return .pending
    }
}

/// Answers whoever watches over the server.
///
/// No section; it stands in handlers: `<add name="Health" path="/health" verb="GET" modules="HealthModule"/>`.
final class HealthModule: Module {
    static var definition: ModuleDefinition {
        ModuleDefinition(name: "HealthModule", sections: []) { _ in HealthModule() }
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.verb == .get else { return request.refuse(.methodNotAllowed) }
        request.response.headers.append("Content-Type", "text/plain")
        request.response.body = .bytes(Array("well\n".utf8))
        request.response.set(status: 200)
        return .finishRequest
    }
}

/// Tells the administrator which applications the worker has started and stopped.
enum ApplicationJournal {
    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        ModuleDefinition(
            name: "ApplicationJournal", sections: [],
            global: GlobalSubscription([.applicationStart, .applicationStop]) { notification in
                switch notification {
                case .applicationStart(let name): services.report("\(name) has started")
                case .applicationStop(let name): services.report("\(name) has stopped")
                default: break
                }
            }
        ) { _ in nil }
    }
}

/// Names the tenant that a request belongs to, by the first label of its host, as the server variable TENANT.
///
/// No section. Stage: LogRequest. The log shows it where the site says so:
/// `<logFile><customFields><add logFieldName="x-tenant" sourceName="TENANT" sourceType="ServerVariable"/></customFields></logFile>`.
final class TenantModule: Module {
    static var definition: ModuleDefinition {
        ModuleDefinition(name: "TenantModule", sections: [], stages: .on(.logRequest)) { _ in TenantModule() }
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        let host = request.serverVariables["SERVER_NAME"] ?? []
        if let dot = host.firstIndex(of: UInt8(ascii: ".")) {
            request.serverVariables["TENANT"] = Array(host[..<dot])
        }
        return .continue
    }
}
