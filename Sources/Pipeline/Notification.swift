/// The stages every request passes, in IIS's order (`RQ_BEGIN_REQUEST` … `RQ_END_REQUEST`).
public enum Notification: UInt8, CaseIterable, Sendable {
    case beginRequest
    case authenticateRequest
    case authorizeRequest
    case resolveRequestCache
    case mapRequestHandler
    case acquireRequestState
    case preExecuteRequestHandler
    case executeRequestHandler
    case releaseRequestState
    case updateRequestCache
    case logRequest
    case endRequest
    /// Raised when the response leaves for the client, at whatever stage that happens.
    case sendResponse

    /// IIS's name, as its error pages show it.
    public var name: String { Self.names[Int(rawValue)] }

    private static let names = [
        "BeginRequest", "AuthenticateRequest", "AuthorizeRequest", "ResolveRequestCache", "MapRequestHandler",
        "AcquireRequestState", "PreExecuteRequestHandler", "ExecuteRequestHandler", "ReleaseRequestState",
        "UpdateRequestCache", "LogRequest", "EndRequest", "SendResponse",
    ]
}

/// One stage: a notification or its Post form.
///
/// Stages of one request compare in the order in which they run. `sendResponse` has no Post form.
public struct Stage: Hashable, Comparable, Sendable {
    public let notification: Notification
    public let isPost: Bool

    public init(_ notification: Notification, isPost: Bool = false) {
        self.notification = notification
        self.isPost = isPost
    }

    public static func < (left: Stage, right: Stage) -> Bool { left.order < right.order }

    var order: UInt8 { notification.rawValue &* 2 &+ (isPost ? 1 : 0) }

    /// IIS's name, for example `PostBeginRequest`.
    public var name: String { isPost ? "Post" + notification.name : notification.name }
}

/// The stages a module subscribes to.
public struct StageSet: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The set of one stage.
    public init(_ stage: Stage) { rawValue = 1 << UInt32(stage.order) }

    /// Notifications in their plain form.
    public static func on(_ notifications: Notification...) -> StageSet {
        StageSet(notifications.map { StageSet(Stage($0)) })
    }

    /// Notifications in their Post form.
    public static func post(_ notifications: Notification...) -> StageSet {
        StageSet(notifications.map { StageSet(Stage($0, isPost: true)) })
    }
}

/// What a module wants to happen after it handled a notification.
public enum NotificationStatus: Sendable {
    /// The next module or stage comes.
    case `continue`
    /// The module goes on with the request later and then calls `RequestContext.resume`.
    case pending
    /// The request is answered: what is left is LogRequest, EndRequest and sending.
    case finishRequest
}
