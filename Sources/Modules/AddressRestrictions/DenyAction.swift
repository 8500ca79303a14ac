import Configuration
import Pipeline

/// What a client gets whose address is denied: `denyAction` of `ipSecurity` and `dynamicIpSecurity`. IIS: Forbidden.
enum DenyAction: String {
    case abort = "AbortRequest"
    case unauthorized = "Unauthorized"
    case forbidden = "Forbidden"
    case notFound = "NotFound"

    /// Why a client is denied.
    enum Reason {
        case address, hostName, concurrentRequests, requestRate
    }

    init(_ section: Element) { self = DenyAction(rawValue: section.member("denyAction")) ?? .forbidden }

    /// Turns the request away.
    func deny(_ request: RequestContext, _ reason: Reason) -> NotificationStatus {
        refusal(reason).map { request.refuse($0) } ?? request.abort()
    }

    /// Nil where there is no answer.
    private func refusal(_ reason: Reason) -> Refusal? {
        switch (self, reason) {
        case (.abort, _): nil
        case (.unauthorized, .address): .addressUnauthorized
        case (.unauthorized, .hostName): .hostNameUnauthorized
        case (.unauthorized, .concurrentRequests): .tooManyConcurrentRequestsUnauthorized
        case (.unauthorized, .requestRate): .requestRateUnauthorized
        case (.forbidden, .address): .addressRejected
        case (.forbidden, .hostName): .hostNameRejected
        case (.forbidden, .concurrentRequests): .tooManyConcurrentRequests
        case (.forbidden, .requestRate): .requestRateTooHigh
        case (.notFound, .address): .addressNotFound
        case (.notFound, .hostName): .hostNameNotFound
        case (.notFound, .concurrentRequests): .tooManyConcurrentRequestsNotFound
        case (.notFound, .requestRate): .requestRateNotFound
        }
    }
}
