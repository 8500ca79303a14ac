internal import Platform

/// Who made a change, as far as it is known.
public struct ChangeAuthor: Equatable, Sendable {
    /// The user's number; nil where nobody can tell.
    public let user: UInt32?
    /// The account's name, else its number; empty where nobody can tell.
    public let name: String

    public init(user: UInt32?, name: String) {
        self.user = user
        self.name = name
    }

    /// The user with this number; asking for the name may wait for a network.
    public init(user: UInt32) {
        self.init(user: user, name: (try? Account.of(user: user))?.name ?? "\(user)")
    }

    public static let unknown = ChangeAuthor(user: nil, name: "")

    /// Whoever the file belongs to, for what somebody saved; unknown where it does not answer.
    static func owner(of path: String) -> ChangeAuthor {
        let owner = try? DoubtfulFile(path).perform { () throws(FileError) in Folder.owner(of: path) }
        return owner.map { ChangeAuthor(user: $0) } ?? .unknown
    }

    /// Whoever runs this process.
    public static var current: ChangeAuthor { ChangeAuthor(user: CurrentProcess.user) }
}
