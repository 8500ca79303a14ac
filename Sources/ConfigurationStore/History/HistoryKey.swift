internal import Crypto
internal import Platform

/// STATE/history.key: what whole texts of the configuration are sealed with that the program keeps (in the history, and as
/// the last good copy of a shared folder), since they may hold passwords in clear.
///
/// Made with the history, readable by the server's user alone. A history without it still tells who changed what, and
/// when; its texts are lost.
struct HistoryKey {
    private let key: SecretKey

    static func path(in state: String) -> String { "\(state)/history.key" }

    /// The key; nil where there is none yet.
    static func existing(_ state: String) throws(FileError) -> HistoryKey? {
        let file = file(in: state)
        guard var bytes = try file.read(limit: 1 << 10)?.bytes else { return nil }
        guard let key = SecretKey(taking: &bytes) else {
            throw FileError(file.path, .tooLarge(limit: SecretKey.size))
        }
        return HistoryKey(key: key)
    }

    /// Reads the key, or makes one where there is none.
    static func opened(_ state: String) throws(FileError) -> HistoryKey {
        if let key = try existing(state) { return key }
        let file = file(in: state)
        let key = SecretKey.random()
        do throws(FileError) {
            try file.commit(key.bytes, replacing: nil)
            return HistoryKey(key: key)
        } catch {
            // Another thread was faster.
            guard error.kind == .changed, let key = try existing(state) else { throw error }
            return key
        }
    }

    private static func file(in state: String) -> DocumentFile {
        DocumentFile(path(in: state), creationMode: 0o600, belongsToFolder: true)
    }

    func seal(_ text: [UInt8], version: Int64) -> [UInt8] { seal(text, as: Self.purpose(version)) }

    /// Nil where it was sealed with another key, or damaged.
    func open(_ sealed: [UInt8], version: Int64) -> [UInt8]? { open(sealed, as: Self.purpose(version)) }

    /// - Parameter purpose: it opens only as the same.
    func seal(_ text: [UInt8], as purpose: String) -> [UInt8] {
        AES256GCM.seal(text, with: key, for: Array(purpose.utf8))
    }

    func open(_ sealed: [UInt8], as purpose: String) -> [UInt8]? {
        AES256GCM.open(sealed, with: key, for: Array(purpose.utf8))
    }

    private static func purpose(_ version: Int64) -> String { "hostelry history \(version)" }
}
