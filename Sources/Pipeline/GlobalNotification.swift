public import Configuration
public import Platform

/// What happens to the worker and its applications, apart from the stages of one request: those of IIS's global
/// notifications (`GL_…`) that happen here. Raised on the event loop's thread.
public enum GlobalNotification {
    /// The first request of an application in this version of the server's configuration has come.
    case applicationStart(ApplicationName)
    /// No request of a started application is or will be in work: another version has come, or the worker ends.
    case applicationStop(ApplicationName)
    /// A file of the configuration is not what it was: of the place and all below it nothing is known any more. The
    /// server's own file has no site.
    case configurationChange(ConfigurationPath)
    /// A file behind a response that somebody keeps is gone, or not what it was.
    case fileChange(SystemPath)
    /// A request has its path's meaning, and no module has seen it.
    case preBeginRequest(RequestContext)
    /// The worker takes no new requests.
    case stopListening

    var kind: GlobalNotificationSet {
        switch self {
        case .applicationStart: .applicationStart
        case .applicationStop: .applicationStop
        case .configurationChange: .configurationChange
        case .fileChange: .fileChange
        case .preBeginRequest: .preBeginRequest
        case .stopListening: .stopListening
        }
    }
}

/// Which global notifications somebody subscribes to.
public struct GlobalNotificationSet: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let applicationStart = GlobalNotificationSet(rawValue: 1)
    public static let applicationStop = GlobalNotificationSet(rawValue: 2)
    public static let configurationChange = GlobalNotificationSet(rawValue: 4)
    public static let fileChange = GlobalNotificationSet(rawValue: 8)
    public static let preBeginRequest = GlobalNotificationSet(rawValue: 16)
    public static let stopListening = GlobalNotificationSet(rawValue: 32)

    /// Those that each request may raise.
    static let ofRequests: GlobalNotificationSet = [.applicationStart, .applicationStop, .preBeginRequest]
}

/// Which application of which site.
public struct ApplicationName: Hashable, Sendable, CustomStringConvertible {
    public let site: String
    /// `/` for the root application.
    public let path: String

    public init(site: String, path: String) {
        self.site = site
        self.path = path
    }

    /// For example `Default Web Site/shop`.
    public var description: String { site + path }
}

/// What a module wants to hear of its worker.
public struct GlobalSubscription {
    let notifications: GlobalNotificationSet
    let hear: (GlobalNotification) -> Void

    public init(_ notifications: GlobalNotificationSet, hear: @escaping (GlobalNotification) -> Void) {
        self.notifications = notifications
        self.hear = hear
    }
}

/// Those who hear of one version of the server's configuration in one worker, in the order of their subscription.
public final class GlobalNotifications {
    private var subscriptions: [GlobalSubscription] = []
    /// What anybody hears.
    private(set) var wanted: GlobalNotificationSet = []

    public func subscribe(_ subscription: GlobalSubscription) {
        subscriptions.append(subscription)
        wanted.formUnion(subscription.notifications)
    }

    public func raise(_ notification: GlobalNotification) {
        guard wanted.contains(notification.kind) else { return }
        for subscription in subscriptions where subscription.notifications.contains(notification.kind) {
            subscription.hear(notification)
        }
    }
}
