public import Platform

/// A pool's persistent folder: key rings, caches and temporary files of its applications lie there.
///
///     STATE/homes/<pool>              of the pool's own user
///     STATE/homes/<pool>@<account>    of another account: each home has one owner for ever
public struct PoolHome: Equatable, Sendable {
    public let path: String
    private let parent: String
    private let name: String

    init(pool: String, account: String?, stateFolder: String) {
        parent = Self.folder(in: stateFolder)
        name = Self.name(ofPool: pool) + (account.map { "@\(UserRecord.escaped($0))" } ?? "")
        path = "\(parent)/\(name)"
    }

    static func folder(in stateFolder: String) -> String { "\(stateFolder)/homes" }

    /// The name of the home of a pool's own user, good for any folder of the pool's.
    public static func name(ofPool pool: String) -> String { UserRecord.escaped(pool.lowercased()) }

    /// For what the applications write for a while. The worker makes it, as its own user.
    public var temporaryFolder: String { "\(path)/tmp" }

    /// Makes the folder, for `user` alone.
    public func make(user: UInt32, group: UInt32) throws(FileError) {
        // Others pass through it to their own home and cannot list it.
        try Folder.makeOwned(parent)
        try Folder.make(name, in: parent, user: user, group: group)
    }
}
