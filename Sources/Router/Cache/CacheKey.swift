internal import Wire

/// What a cached response answers: the router's own reading of a URL.
///
/// The path counts as the client wrote it, since two spellings of a path may be two different requests to a filter.
struct CacheKey: Equatable {
    /// A longer URL is not cached. Unit: bytes.
    static let maximumLength = 2048

    let site: UInt32
    /// The host in lower case, then the target.
    let bytes: [UInt8]
    private let hostLength: Int
    let hash: Int

    /// Nil for a URL that is too long.
    init?(site: UInt32, host: Span<UInt8>, target: Span<UInt8>) {
        guard host.count + target.count <= Self.maximumLength else { return nil }
        self.site = site
        var bytes: [UInt8] = []
        bytes.reserveCapacity(host.count + target.count)
        for index in host.indices { bytes.append(Self.lower(host[index])) }
        bytes.append(copying: target)
        self.bytes = bytes
        hostLength = host.count
        hash = Self.hash(site: site, host: host, target: target)
    }

    func matches(site: UInt32, host: Span<UInt8>, target: Span<UInt8>) -> Bool {
        guard site == self.site, host.count == hostLength, host.count + target.count == bytes.count else {
            return false
        }
        let own = bytes.span
        return own.extracting(first: hostLength).equalsIgnoringCase(host)
            && own.extracting(droppingFirst: hostLength).equals(target)
    }

    /// Seeded by the process, so that nobody outside can choose URLs that collide.
    static func hash(site: UInt32, host: Span<UInt8>, target: Span<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(site)
        var word: UInt64 = 0
        for index in host.indices {
            word = word << 8 | UInt64(lower(host[index]))
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(host.count)
        word = 0
        for index in target.indices {
            word = word << 8 | UInt64(target[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        return hasher.finalize()
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
