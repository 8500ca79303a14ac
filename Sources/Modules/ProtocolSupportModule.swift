import Configuration
import Pipeline
import Wire

/// Answers the verbs that concern the server and not a page: OPTIONS and TRACE.
///
/// No section; it stands in the handlers `OPTIONSVerbHandler` and `TRACEVerbHandler`. TRACE is off, as IIS has it
/// since version 7: 501.
final class ProtocolSupportModule: Module {
    static var definition: ModuleDefinition {
        ModuleDefinition(name: "ProtocolSupportModule", sections: []) { _ in ProtocolSupportModule() }
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        switch request.verb {
        case .options:
            request.response.headers.append("Allow", "OPTIONS, TRACE, GET, HEAD, POST")
            request.response.headers.append("Public", "OPTIONS, TRACE, GET, HEAD, POST")
            request.response.set(status: 200)
            return .finishRequest
        case .trace: return request.refuse(.traceDisabled)
        default: return .continue
        }
    }
}
