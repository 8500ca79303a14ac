import Configuration
import Pipeline
import Wire

/// Whether and how long the router may keep the response to a file's URL: HTTP.sys's kernel-mode cache.
///
/// Section: `system.webServer/caching` (`enabled`, `enableKernelCache`, `maxResponseSize`, `profiles` with
/// `kernelCachePolicy`, `location` and `duration`). A file without a profile is kept until it changes, as by IIS's
/// static file handler; a profile decides for its extension, and one that varies by headers or by the query string keeps
/// nothing here, which HTTP.sys cannot do either.
struct KernelCachePolicy {
    /// How long a response is kept at most before it has to be asked for often again. Unit: seconds.
    static let longest: UInt32 = 30

    private let isEnabled: Bool
    /// Unit: bytes.
    private let maximumSize: Int64
    private let profiles: CachingProfiles

    init(_ section: Element) {
        isEnabled = section.bool("enabled") && section.bool("enableKernelCache")
        maximumSize = section.integer("maxResponseSize")
        profiles = CachingProfiles(section)
    }

    /// How long the response to `path` may be kept. Unit: seconds; nil for not at all.
    func seconds(_ path: Span<UInt8>, size: Int64) -> UInt32? {
        guard isEnabled, size > 0, size <= maximumSize else { return nil }
        guard !profiles.isEmpty, let profile = profiles.profile(of: path) else { return Self.longest }
        guard profile.headers.isEmpty, profile.query == .none else { return nil }
        return switch profile.kernelPolicy {
        case .untilChange: Self.longest
        case .forTimePeriod: profile.duration > 0 ? UInt32(min(Int64(Self.longest), profile.duration)) : nil
        case .doNotCache, .disabled: nil
        }
    }
}
