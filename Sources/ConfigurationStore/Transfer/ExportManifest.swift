public import Crypto

/// `manifest`: what an export holds, with the hashes of its files.
///
///     hostelry export 1
///     kind server
///     file SHA256 SIZE applicationHost.config
///     seal DIGITS
///
/// The seal is a code of the lines above under the export's keys: whoever lacks the password cannot make another
/// manifest. The file of the keys is no part of it; that authenticates itself.
public struct ExportManifest: Equatable, Sendable {
    public static let fileName = "manifest"
    private static let family = "hostelry export "
    private static let version = "1"

    public enum Kind: String, Sendable {
        /// The whole configuration.
        case server
        /// Some sites with their pools.
        case sites
    }

    public struct File: Equatable, Sendable {
        /// Without folders.
        public let name: String
        public let size: Int
        public let hash: SHA256Digest

        public init(name: String, bytes: [UInt8]) {
            self.init(name: name, size: bytes.count, hash: SHA256.hash(bytes))
        }

        fileprivate init(name: String, size: Int, hash: SHA256Digest) {
            self.name = name
            self.size = size
            self.hash = hash
        }
    }

    public let kind: Kind
    public let files: [File]
    /// Nil for an export without keys.
    private let seal: String?

    /// - Parameter ring: nil for an export without keys.
    public init(_ kind: Kind, _ files: [File], sealedBy ring: KeyRing?) throws(TransferError) {
        self.kind = kind
        self.files = files
        guard let ring else {
            seal = nil
            return
        }
        guard let code = Self.code(Self.lines(kind, files), ring) else {
            throw TransferError("there is not enough memory to seal the export")
        }
        seal = code
    }

    public var hasKeys: Bool { seal != nil }

    /// Whether it is what the holder of the keys wrote.
    func isSealed(by ring: KeyRing) -> Bool {
        guard let seal, let code = Self.code(Self.lines(kind, files), ring) else { return false }
        return ConstantTime.areEqual(Array(seal.utf8), Array(code.utf8))
    }

    public var bytes: [UInt8] { Array((Self.lines(kind, files) + (seal.map { "seal \($0)\n" } ?? "")).utf8) }

    /// - Parameter path: how errors name it.
    public init(bytes: [UInt8], path: String) throws(TransferError) {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let heading = lines.first, heading.hasPrefix(Self.family) else {
            throw TransferError("\(path) is no manifest of an export of Hostelry")
        }
        guard heading.dropFirst(Self.family.count) == Self.version else {
            throw TransferError(
                "the export is of version \(heading.dropFirst(Self.family.count).prefix(20)) and this program reads "
                    + "version \(Self.version); import it with the version of Hostelry that wrote it, or a newer one")
        }
        let damaged = TransferError("\(path) was altered or is damaged; export again")
        guard lines.count >= 3, lines.removeLast().isEmpty, lines[1].hasPrefix("kind "),
            let kind = Kind(rawValue: String(lines[1].dropFirst(5)))
        else { throw damaged }
        var seal: String?
        if lines[lines.count - 1].hasPrefix("seal ") { seal = String(lines.removeLast().dropFirst(5)) }
        var files: [File] = []
        for line in lines.dropFirst(2) {
            let fields = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, fields[0] == "file", let hash = SHA256Digest(fields[1]), let size = Int(fields[2]),
                size >= 0, Self.names(of: kind).contains(String(fields[3])),
                !files.contains(where: { $0.name == fields[3] })
            else { throw damaged }
            files.append(File(name: String(fields[3]), size: size, hash: hash))
        }
        guard files.first?.name == Self.names(of: kind).first else { throw damaged }
        self.kind = kind
        self.files = files
        self.seal = seal
    }

    /// The files that such an export may hold, the necessary one first.
    static func names(of kind: Kind) -> [String] {
        switch kind {
        case .server: ["applicationHost.config", "administration.config"]
        case .sites: ["sites.config", ContentList.fileName]
        }
    }

    private static func lines(_ kind: Kind, _ files: [File]) -> String {
        "\(family)\(version)\nkind \(kind.rawValue)\n"
            + files.map { "file \($0.hash) \($0.size) \($0.name)\n" }.joined()
    }

    /// Nil where there is no memory.
    private static func code(_ lines: String, _ ring: KeyRing) -> String? {
        let key = SHA256.hash(Array("hostelry manifest\0".utf8) + ring.bytes)
        return MessageCode.make(Array(lines.utf8), key: key.bytes).map { HexText.text($0) }
    }
}
