/// Why a request was not served: one case a reason, its row in `Refusal.table`.
///
/// Modules name the reason; status, sub-status and text follow from it and stand nowhere else.
public enum Refusal: Int, CaseIterable, Sendable {
    case forwardedForInvalid
    case logonFailed
    case authenticationRequired
    case notPermittedByAccessControl
    case tooManyConcurrentRequestsUnauthorized
    case requestRateUnauthorized
    case addressUnauthorized
    case hostNameUnauthorized
    case executeAccessForbidden
    case readAccessForbidden
    case writeAccessForbidden
    case secureChannelRequired
    case strongSecureChannelRequired
    case addressRejected
    case clientCertificateRequired
    case hostNameRejected
    case contentDisabled
    case directoryListingDenied
    case originDenied
    case tooManyConcurrentRequests
    case requestRateTooHigh
    case sectionNotEnforced
    case notFound
    case siteNotFound
    case noMIMEMap
    case noHandler
    case urlSequenceDenied
    case verbDenied
    case fileExtensionDenied
    case hiddenSegment
    case doubleEscaping
    case highBitCharacters
    case urlTooLong
    case queryStringTooLong
    case queryStringSequenceDenied
    case filteringRule
    case tooManySegments
    case tooManyConcurrentRequestsNotFound
    case requestRateNotFound
    case addressNotFound
    case hostNameNotFound
    case methodNotAllowed
    case preconditionFailed
    case entityTooLarge
    case contentTooLarge
    case rangeNotSatisfiable
    case headerTooLong
    case internalError
    case configurationInvalid
    case moduleNotRecognized
    case httpModulesInIntegratedMode
    case httpHandlersInIntegratedMode
    case impersonationInIntegratedMode
    case runtimeHostNotLoaded
    case hostingModelsMixed
    case secondInProcessApplication
    case traceDisabled
    case badGateway
    case applicationNotStarted
    case concurrentRequestLimit
    case signInOverload
    case applicationStopping

    var row: RefusalRow { Self.table[rawValue] }

    /// HTTP status code.
    public var status: UInt16 { row.status }
    /// IIS's sub-status code, 0 where there is none.
    public var subStatus: UInt16 { row.subStatus }
    /// What happened, one sentence for the page's reader; never names anything of the server.
    public var text: String { row.text }
}

/// Status, sub-status and text of one refusal.
struct RefusalRow: Sendable {
    let reason: Refusal
    let status: UInt16
    let subStatus: UInt16
    let text: String

    init(_ reason: Refusal, _ status: UInt16, _ subStatus: UInt16, _ text: String) {
        self.reason = reason
        self.status = status
        self.subStatus = subStatus
        self.text = text
    }
}
