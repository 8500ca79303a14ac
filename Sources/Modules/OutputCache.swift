import Configuration
import Pipeline
import Wire

/// Whether and how long the router may keep the response to a file's URL.
///
/// Section: `system.webServer/caching` (`enabled`, `enableKernelCache`, `maxResponseSize`, `profiles` with
/// `kernelCachePolicy` and `duration`). A file without a profile for its extension is kept until it changes, as by IIS's
/// static file handler; a profile decides for its extension, and one that varies by headers or by the query string keeps
/// nothing here, which HTTP.sys cannot do either.
struct OutputCache {
    static let section = "system.webServer/caching"

    /// How long a response is kept at most before it has to be asked for often again. Unit: seconds.
    static let longest: UInt32 = 30

    private let isEnabled: Bool
    /// Unit: bytes.
    private let maximumSize: Int64
    /// Seconds by extension, in lower case with its dot; 0 for never.
    private let profiles: [(fileExtension: [UInt8], seconds: UInt32)]

    init(_ section: Element) {
        isEnabled = section.bool("enabled") && section.bool("enableKernelCache")
        maximumSize = section.integer("maxResponseSize")
        profiles = section.element("profiles").items.map {
            (ASCII.lower($0.string("extension").utf8), Self.seconds($0))
        }
    }

    private static func seconds(_ profile: Element) -> UInt32 {
        guard profile.string("varyByHeaders").isEmpty, profile.string("varyByQueryString").isEmpty else { return 0 }
        return switch profile.member("kernelCachePolicy") {
        case "CacheUntilChange": longest
        case "CacheForTimePeriod":
            UInt32(clamping: min(Int64(longest), profile.duration("duration")?.components.seconds ?? 0))
        default: 0
        }
    }

    /// How long the response to `path` may be kept. Unit: seconds; nil for not at all.
    func seconds(_ path: Span<UInt8>, size: Int64) -> UInt32? {
        guard isEnabled, size > 0, size <= maximumSize else { return nil }
        let name = path.extracting(droppingFirst: (path.lastIndex(of: 0x2F) ?? -1) + 1)
        guard !profiles.isEmpty, let dot = name.lastIndex(of: 0x2E) else { return Self.longest }
        for profile in profiles where name.extracting(droppingFirst: dot).equalsIgnoringCase(profile.fileExtension.span)
        {
            return profile.seconds > 0 ? profile.seconds : nil
        }
        return Self.longest
    }
}
