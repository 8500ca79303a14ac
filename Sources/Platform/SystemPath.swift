/// A path as the kernel takes it: bytes of any encoding, ended by a NUL.
public struct SystemPath: Hashable, Sendable {
    /// The bytes with the closing NUL.
    public let terminated: [UInt8]
    /// Made once: paths are looked up far more often than made.
    private let hash: Int

    /// The path of `bytes`; `nil` when a NUL stands among them, which the kernel would take for the end.
    public init?(_ bytes: some Collection<UInt8>) {
        guard !bytes.contains(0) else { return nil }
        var terminated: [UInt8] = []
        terminated.reserveCapacity(bytes.count + 1)
        terminated.append(contentsOf: bytes)
        terminated.append(0)
        self.terminated = terminated
        hash = terminated.hashValue
    }

    public static func == (left: SystemPath, right: SystemPath) -> Bool {
        left.hash == right.hash && left.terminated == right.terminated
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// The bytes without the closing NUL.
    public var bytes: ArraySlice<UInt8> { terminated.dropLast() }

    /// For people: what is not UTF-8 is shown as replacement characters.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Calls `body` with the bytes as C takes them.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        unsafe terminated.withUnsafeBytes { bytes in
            // The closing NUL is always there, so there is a base address.
            unsafe body(bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }
}
