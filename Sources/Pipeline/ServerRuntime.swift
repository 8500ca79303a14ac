import Configuration
import Wire

/// Whether content is served at all, and how much an application takes at once.
///
/// Section: `system.webServer/serverRuntime` (`enabled`, `appConcurrentRequestLimit`, `maxRequestEntityAllowed`,
/// `frequentHit…`).
struct ServerRuntime {
    /// IIS: true.
    let isEnabled: Bool
    /// Requests in work at once in one application. IIS: 5000.
    let concurrentRequestLimit: Int
    /// Unit: bytes. IIS: 4,294,967,295.
    let maximumEntity: UInt64
    /// How many requests within `frequentHitPeriod` make a URL one that is asked for often. IIS: 2.
    let frequentHitThreshold: Int
    /// Unit: nanoseconds. IIS: 10 s.
    let frequentHitPeriod: Int64

    init(_ section: Element) {
        isEnabled = section.bool("enabled")
        concurrentRequestLimit = Int(section.integer("appConcurrentRequestLimit"))
        maximumEntity = UInt64(clamping: section.integer("maxRequestEntityAllowed"))
        frequentHitThreshold = Int(section.integer("frequentHitThreshold"))
        frequentHitPeriod = (section.duration("frequentHitTimePeriod")?.components.seconds ?? 0) * 1_000_000_000
    }

    /// - Parameter inWork: the application's requests, this one included.
    func refusal(_ body: RequestHead.Body, inWork: Int) -> Refusal? {
        guard isEnabled else { return .contentDisabled }
        if inWork > concurrentRequestLimit { return .concurrentRequestLimit }
        if case .length(let length) = body, length > maximumEntity { return .entityTooLarge }
        return nil
    }
}
