internal import Crypto
internal import Platform

/// STATE/history.key: what the texts in the history are sealed with, since configurations may hold passwords in clear.
///
/// Made with the history, readable by the server's user alone. A history without it still tells who changed what, and
/// when; its texts are lost.
struct HistoryKey {
    private let key: SecretKey

    static func path(in state: String) -> String { "\(state)/history.key" }

    /// Reads the key, or makes one where there is none.
    static func opened(_ state: String) throws(FileError) -> HistoryKey {
        let file = DocumentFile(path(in: state), creationMode: 0o600)
        if var bytes = try file.read(limit: 1 << 10)?.bytes {
            guard let key = SecretKey(taking: &bytes) else {
                throw FileError(file.path, .tooLarge(limit: SecretKey.size))
            }
            return HistoryKey(key: key)
        }
        let key = SecretKey.random()
        try file.commit(key.bytes, replacing: nil)
        try Folder.giveToOwner(ofFolderOf: file.path)
        return HistoryKey(key: key)
    }

    func seal(_ text: [UInt8], version: Int64) -> [UInt8] { AES256GCM.seal(text, with: key, for: context(version)) }

    /// Nil where it was sealed with another key, or damaged.
    func open(_ sealed: [UInt8], version: Int64) -> [UInt8]? {
        AES256GCM.open(sealed, with: key, for: context(version))
    }

    private func context(_ version: Int64) -> [UInt8] { Array("hostelry history \(version)".utf8) }
}
