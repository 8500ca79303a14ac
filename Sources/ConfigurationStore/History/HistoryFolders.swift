public import Configuration
internal import HostModel
internal import Platform

/// IIS's configuration history (`system.applicationHost/configHistory`): a folder `CFGHISTORY_0000000001` and so on for
/// what applicationHost.config, administration.config and the schema files were.
public struct HistoryFolders: Equatable, Sendable {
    /// IIS: true.
    public let isEnabled: Bool
    public let path: String
    /// IIS: 10.
    public let limit: Int
    /// How often it is looked whether there is a change. Unit: nanoseconds. IIS: 2 min.
    public let period: UInt64
    /// Whether the folder is our own: another one must be there already.
    let isOwn: Bool

    static let prefix = "CFGHISTORY_"

    /// A path of Windows, as in a configuration that came from there, stands for STATE/history.
    public init(_ server: ServerConfiguration, state: String) {
        let section = server.section("system.applicationHost/configHistory")
        isEnabled = section.bool("enabled")
        let written = section.string("path")
        let own = "\(state)/history"
        path =
            written.isEmpty || VirtualDirectory.isWindowsPath(written) ? own : server.environment.expand(written)
        isOwn = path == own
        limit = Int(clamping: section.integer("maxHistories"))
        period = UInt64(clamping: section.duration("period")?.components.seconds ?? 120) &* 1_000_000_000
    }

    init(isEnabled: Bool = true, path: String, limit: Int, period: UInt64 = 0, isOwn: Bool = true) {
        self.isEnabled = isEnabled
        self.path = path
        self.limit = limit
        self.period = period
        self.isOwn = isOwn
    }

    /// The number in a folder's name; nil for another folder.
    static func number(of name: String) -> UInt64? {
        guard name.hasPrefix(prefix) else { return nil }
        let digits = name.dropFirst(prefix.count)
        return digits.count >= 7 && digits.allSatisfy { $0.isASCII && $0.isNumber } ? UInt64(digits) : nil
    }

    static func name(_ number: UInt64) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }

    /// Those that have to go so that one more makes `limit`, and the one more.
    static func step(among names: [String], limit: Int) -> (removed: [String], made: String) {
        let known = names.compactMap { name in number(of: name).map { (number: $0, name: name) } }
            .sorted { $0.number < $1.number }
        let excess = max(0, known.count - max(0, limit - 1))
        return (known.prefix(excess).map(\.name), name((known.last?.number ?? 0) + 1))
    }

    /// Makes a folder where the files differ from those in the newest one. Answers why old folders could not be removed.
    ///
    /// What stands in clear text and is to be encrypted is sealed in the copies (`SealedCopy`). An administration.config
    /// that has a mistake is left out of them.
    ///
    /// - Parameters:
    ///   - server: the text in force.
    ///   - local: the path of the local file, beside which the others lie. Nothing is read from a shared folder.
    func update(server: [UInt8], local: String, state: String) throws -> [FileError] {
        if isOwn { try Folder.makePrivate(path) }
        let names = try Folder.subfolders(of: path)
        let files = ConfigurationFiles(configuration: local)
        var content = try files.read([.administration, .schema])
        content[ConfigurationFiles.serverName] = server
        let newest = names.compactMap { name in Self.number(of: name).map { ($0, name) } }.max { $0.0 < $1.0 }
        let kept = try newest.map { newest in try ConfigurationFiles.copied(in: "\(path)/\(newest.1)") }
        if kept == content { return [] }
        content = try files.sealed(content, state: state, leavesOutMistakes: true)
        if kept == content { return [] }
        let (removed, made) = Self.step(among: names, limit: limit)
        var failures: [FileError] = []
        for name in removed {
            Folder.removeTree("\(path)/\(name)")
            if (try? Folder.names(in: "\(path)/\(name)")) != nil {
                failures.append(FileError("\(path)/\(name)", .denied))
            }
        }
        try ConfigurationFiles.copy(content, to: "\(path)/\(made)")
        return failures
    }
}
