public import Platform

/// Gives a pool's user access to a folder or file and everything in it, now and later.
///
/// Symbolic links are left alone, what they lead to as well.
public struct AccessGrant: Sendable {
    /// What came of it.
    public struct Outcome: Equatable, Sendable {
        /// Files and folders looked at.
        public var count = 0
        /// How many of them did not give the access before.
        public var changed = 0
        /// What was left as it is, with the reason; the first `noteLimit`.
        public var notes: [String] = []
        public var noteCount = 0
    }

    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Who wants to see more can do something about the first ones.
    static let noteLimit = 20
    /// Deeper folders are somebody's joke. Each level holds a descriptor.
    static let depthLimit = 200

    private let account: PoolAccount
    private let mayWrite: Bool
    private let isTrial: Bool

    /// - Parameter isTrial: nothing is changed, only counted.
    public init(_ account: PoolAccount, mayWrite: Bool, isTrial: Bool = false) {
        self.account = account
        self.mayWrite = mayWrite
        self.isTrial = isTrial
    }

    /// - Parameters:
    ///   - path: absolute; links that lead to it are followed.
    ///   - progress: told the count from time to time.
    public func apply(to path: String, progress: (Int) -> Void = { _ in }) throws(Failure) -> Outcome {
        guard let resolved = FilePath.resolved(path) else {
            throw Failure(description: "\(path): \(SystemError("open", path).reason)")
        }
        var outcome = Outcome()
        do throws(SystemError) {
            let top = try PlacedFile.open(resolved)
            try visit(top, ownedBy: top.owner, depth: 0, &outcome, progress)
        } catch {
            throw Self.failure(error)
        }
        return outcome
    }

    /// For what is held already: nothing that is put in its place meanwhile is touched.
    public func apply(to file: borrowing PlacedFile) throws(Failure) -> Outcome {
        var outcome = Outcome()
        do throws(SystemError) {
            try visit(file, ownedBy: file.owner, depth: 0, &outcome) { _ in }
        } catch {
            throw Self.failure(error)
        }
        return outcome
    }

    private static func failure(_ error: SystemError) -> Failure {
        Failure(
            description: error.meansNoAccessLists
                ? "\(error.subject): this file system keeps no access lists; make the pool's user the owner, or use "
                    + "the group" : error.description)
    }

    private func visit(
        _ file: borrowing PlacedFile, ownedBy owner: UInt32, depth: Int, _ outcome: inout Outcome,
        _ progress: (Int) -> Void
    ) throws(SystemError) {
        outcome.count += 1
        progress(outcome.count)
        switch file.kind {
        case .link: return
        case .other: return note("\(file.path) is neither a file nor a folder", &outcome)
        case .regular:
            // Another name of it may lie where it is no business of the pool's.
            guard file.nameCount == 1 || file.owner == owner else {
                return note("\(file.path) has other names and another owner", &outcome)
            }
            var permissions: AccessList.Permissions = mayWrite ? [.read, .write] : [.read]
            if file.isExecutable { permissions.insert(.execute) }
            if try file.grant(permissions, to: account.user, writing: !isTrial) { outcome.changed += 1 }
        case .folder:
            let permissions: AccessList.Permissions = mayWrite ? [.read, .write, .execute] : [.read, .execute]
            let isNew = try file.grant(permissions, to: account.user, writing: !isTrial)
            let isInherited = try file.grant(permissions, to: account.user, inheriting: true, writing: !isTrial)
            if isNew || isInherited { outcome.changed += 1 }
            guard depth < Self.depthLimit else {
                return note("\(file.path): folders are nested too deep", &outcome)
            }
            for name in try file.names() { try visit(name, in: file, ownedBy: owner, depth: depth, &outcome, progress) }
        }
    }

    private func visit(
        _ name: String, in folder: borrowing PlacedFile, ownedBy owner: UInt32, depth: Int, _ outcome: inout Outcome,
        _ progress: (Int) -> Void
    ) throws(SystemError) {
        let file: PlacedFile
        do throws(SystemError) {
            file = try folder.file(name)
        } catch {
            // Somebody removes and replaces files meanwhile.
            guard error.code != SystemError.missing else { return }
            throw error
        }
        try visit(file, ownedBy: owner, depth: depth + 1, &outcome, progress)
    }

    private func note(_ text: String, _ outcome: inout Outcome) {
        outcome.noteCount += 1
        if outcome.notes.count < Self.noteLimit { outcome.notes.append(text) }
    }

    /// Whether the pool's user cannot read the folder or file itself; false where nothing can be said of it.
    public func isLacking(at path: String) -> Bool {
        guard account.user != 0, let resolved = FilePath.resolved(path), let file = try? PlacedFile.open(resolved),
            let permissions = try? file.permissions(
                of: account.user, in: [account.group] + account.supplementaryGroups)
        else { return false }
        return !permissions.isSuperset(of: file.kind == .folder ? [.read, .execute] : [.read])
    }

    /// What an administrator types to let the pool's user pass through the folder.
    public func remedy(for folder: String) -> String {
        "type: setfacl -m u:\(account.user):x '\(folder)' (or: chmod o+x '\(folder)')"
    }

    /// The folders above `path` that the pool's user cannot pass through.
    public func obstacles(above path: String) -> [String] {
        guard account.user != 0, let resolved = FilePath.resolved(path) else { return [] }
        let groups = [account.group] + account.supplementaryGroups
        var obstacles: [String] = []
        var parent = resolved
        while let slash = parent.lastIndex(of: "/"), parent != "/" {
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
            do throws(SystemError) {
                let folder = try PlacedFile.open(parent)
                if try !folder.permissions(of: account.user, in: groups).contains(.execute) { obstacles.append(parent) }
            } catch {
                // A file system without access lists, or one that says nothing: nothing can be said of it.
                continue
            }
        }
        return obstacles.reversed()
    }
}
