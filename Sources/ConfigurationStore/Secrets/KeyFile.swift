internal import Platform

/// STATE/keys: the instance's keys, readable by the master's user alone (0600). It lies with the state and not beside
/// the configuration, because several servers may share that and copies of it travel.
public struct KeyFile: Sendable {
    public let path: String

    /// - Parameter state: the state folder.
    public init(state: String) { path = "\(state)/keys" }

    /// The keys; nil where there are none yet.
    public func read() throws(KeyFileError) -> KeyRing? {
        do throws(FileError) {
            guard let contents = try file.read() else { return nil }
            guard let ring = KeyRing(bytes: contents.bytes) else { throw FileError(path, .notRegular) }
            return ring
        } catch {
            throw Self.error(error)
        }
    }

    /// The keys, made where there are none yet.
    public func readOrMake() throws(KeyFileError) -> KeyRing {
        if let ring = try read() { return ring }
        return try edit { _ in }
    }

    /// Changes the keys, under a lock and in one step that outlasts a power failure; answers what they are then. Where
    /// there are none yet, `change` gets `first`, else a ring of one new key.
    @discardableResult
    public func edit(startingWith first: KeyRing? = nil, _ change: (inout KeyRing) -> Void) throws(KeyFileError)
        -> KeyRing
    {
        var outcome: KeyRing?
        do {
            try Folder.makeOwnedByItsUser(String(path.dropLast("/keys".utf8.count)))
            try file.edit { contents in
                var ring = first ?? KeyRing(now: FileStamp.now())
                if let contents {
                    guard let known = KeyRing(bytes: contents.bytes) else { throw FileError(path, .notRegular) }
                    ring = known
                }
                change(&ring)
                outcome = ring
                return ring.bytes
            }
        } catch let error as FileError {
            throw Self.error(error)
        } catch {
            throw KeyFileError(path: path, reason: "\(error)", isDenied: false)
        }
        // `edit` calls what it is given or throws.
        return outcome!
    }

    /// Takes in keys that a change of the configuration needs, before it is made: no value is ever in force that cannot be
    /// opened. They seal nothing yet (`KeyRing.adopt`).
    ///
    /// - Returns: takes them out again, where the change is not made.
    public func take(_ incoming: KeyRing) throws(KeyFileError) -> () throws(KeyFileError) -> Void {
        let before = try read()
        try edit(startingWith: incoming) { $0.add(incoming) }
        return { () throws(KeyFileError) in
            if let before {
                try edit { ring in
                    _ = ring.forget { before.key($0) != nil || incoming.key($0) == nil }
                }
            } else {
                do throws(FileError) {
                    try file.remove(incoming.bytes)
                } catch {
                    // Somebody made further keys.
                    guard error.kind == .changed else { throw Self.error(error) }
                }
            }
        }
    }

    private var file: DocumentFile { DocumentFile(path, creationMode: 0o600, belongsToFolder: true) }

    private static func error(_ error: FileError) -> KeyFileError {
        let reason =
            switch error.kind {
            case .notRegular:
                "it holds no keys of this version of Hostelry; put back a copy of it, or import an export that has its "
                    + "keys"
            case .denied: "only the server's user and root may read it"
            default: "\(error)"
            }
        return KeyFileError(path: error.path, reason: reason, isDenied: error.kind == .denied)
    }
}

/// Why there are no keys.
public struct KeyFileError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String
    /// Whether it is only this user who may not read them.
    public let isDenied: Bool

    public var description: String { "the keys in \(path) cannot be used: \(reason)" }
}
