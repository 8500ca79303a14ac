import Configuration
import Pipeline
import Wire

/// What `caching/profiles` says about the responses of one extension.
struct CachingProfile {
    /// `policy` and `kernelCachePolicy`.
    enum Policy: String {
        case doNotCache = "DontCache"
        case untilChange = "CacheUntilChange"
        case forTimePeriod = "CacheForTimePeriod"
        /// Neither cache of the server keeps anything.
        case disabled = "DisableCache"
    }

    /// Who may keep a response: the server itself, and what clients and proxies are told.
    enum Location: String {
        case any = "Any"
        case client = "Client"
        case downstream = "Downstream"
        case server = "Server"
        case none = "None"
        case serverAndClient = "ServerAndClient"

        var includesServer: Bool { self == .any || self == .server || self == .serverAndClient }
    }

    /// Which parts of a query string make another response.
    enum QueryVariation: Equatable {
        /// Requests with a query string are not for the cache.
        case none
        case whole
        /// Parameters in any case of letters.
        case parameters([[UInt8]])
    }

    let policy: Policy
    let kernelPolicy: Policy
    /// Unit: seconds. IIS: 30.
    let duration: Int64
    let query: QueryVariation
    /// Header fields in lower case.
    let headers: [[UInt8]]

    init(_ entry: Element) {
        let (user, kernel) = (
            Policy(rawValue: entry.member("policy")), Policy(rawValue: entry.member("kernelCachePolicy"))
        )
        let location = Location(rawValue: entry.member("location")) ?? .none
        let isOff = user == .disabled || kernel == .disabled || !location.includesServer
        policy = isOff ? .disabled : user ?? .disabled
        kernelPolicy = isOff ? .disabled : kernel ?? .disabled
        duration = entry.duration("duration")?.components.seconds ?? 0
        let isForTime = user == .forTimePeriod || kernel == .forTimePeriod
        cacheControl = Self.cacheControl(location, age: isForTime ? duration : nil)
        headers = ASCII.list(entry.string("varyByHeaders")).map { ASCII.lower($0.utf8) }
        let parameters = ASCII.list(entry.string("varyByQueryString"))
        query =
            parameters.isEmpty
            ? .none : parameters.contains("*") ? .whole : .parameters(parameters.map { ASCII.lower($0.utf8) })
    }

    /// Whether this server keeps responses for `HTTPCacheModule` to give.
    var isKept: Bool { policy == .untilChange || policy == .forTimePeriod }

    /// What `Cache-Control` says where the response says nothing of its own; empty for nothing.
    let cacheControl: [UInt8]

    private static func cacheControl(_ location: Location, age: Int64?) -> [UInt8] {
        let age = age.map { ",max-age=\($0)" } ?? ""
        switch location {
        case .server: return []
        case .none: return Array("no-cache".utf8)
        case .any, .downstream: return Array("public\(age)".utf8)
        case .client, .serverAndClient: return Array("private\(age)".utf8)
        }
    }
}

/// The profiles of a directory.
///
/// Section: `system.webServer/caching/profiles`. One for `*` stands for all extensions without one of their own.
struct CachingProfiles {
    static let section = "system.webServer/caching"

    private let byExtension: [(fileExtension: [UInt8], profile: CachingProfile)]
    private let fallback: CachingProfile?

    init(_ section: Element) {
        let all = section.element("profiles").items.map {
            (fileExtension: ASCII.lower($0.string("extension").utf8), profile: CachingProfile($0))
        }
        fallback = all.first { $0.fileExtension == [0x2A] }?.profile
        byExtension = all.filter { $0.fileExtension != [0x2A] }
    }

    var isEmpty: Bool { byExtension.isEmpty && fallback == nil }

    var all: [CachingProfile] { byExtension.map(\.profile) + [fallback].compactMap(\.self) }

    /// The profile of what `path` names.
    func profile(of path: Span<UInt8>) -> CachingProfile? {
        guard !byExtension.isEmpty else { return fallback }
        let name = path.extracting(droppingFirst: (path.lastIndex(of: 0x2F) ?? -1) + 1)
        guard let dot = name.lastIndex(of: 0x2E) else { return fallback }
        let own = name.extracting(droppingFirst: dot)
        for each in byExtension where own.equalsIgnoringCase(each.fileExtension.span) { return each.profile }
        return fallback
    }
}
