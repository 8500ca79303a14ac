public import Platform
public import SQLite

/// Why a store cannot be used: which, why in a word that code can decide on, and what an administrator can do.
public struct StoreTrouble: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// No such file, for whoever only reads.
        case missing
        /// Another program holds it; it may be free later.
        case locked
        /// Made by an earlier version of the program, for whoever only reads.
        case older(version: Int, known: Int)
        /// Made by a later version of the program.
        case newer(version: Int, known: Int)
        /// The disk or the quota is full.
        case full
        /// It, its folder or its file system may not be written.
        case unwritable
        case corrupt
        /// A server was ended while it wrote, and the index of its journal is gone.
        case unfinished
        /// Anything else.
        case failed
    }

    public let path: String
    public let kind: Kind
    /// What SQLite or the system says; empty where there is nothing to add.
    public let reason: String

    public init(_ path: String, _ kind: Kind, reason: String = "") {
        self.path = path
        self.kind = kind
        self.reason = reason
    }

    public init(_ path: String, _ error: SQLiteError) {
        let kind: Kind =
            if error.isBusy {
                .locked
            } else if error.isFull {
                .full
            } else if error.isCorrupt {
                .corrupt
            } else if error.isReadOnly || error.isCannotOpen {
                .unwritable
            } else {
                .failed
            }
        self.init(path, kind, reason: error.description)
    }

    public init(_ path: String, _ error: FileError) {
        let kind: Kind =
            switch error.kind {
            case .noSpace: .full
            case .readOnly, .denied: .unwritable
            case .missing: .missing
            default: .failed
            }
        self.init(path, kind, reason: error.reason)
    }

    public var description: String {
        switch kind {
        case .missing: "\(path) does not exist: a server that runs on this state folder makes it"
        case .locked: "\(path) is locked by another program: end the program that has it open"
        case .older(let version, let known):
            "\(path) has the structure of an earlier version (\(version), not \(known)): start the server once, which brings it up to date"
        case .newer(let version, let known):
            "\(path) was made by a later version (structure \(version), this one knows \(known)) and is left alone: use that version, or move the file away"
        case .full: "no space left for \(path): make room on its disk"
        case .unwritable:
            "\(path) cannot be opened (\(reason)): check the owner and the permissions of the file and of its folder"
        case .corrupt: "\(path) is damaged (\(reason))"
        case .unfinished: "\(path) was not closed and cannot be read by itself: start the server once, which repairs it"
        case .failed: "\(path) cannot be used: \(reason)"
        }
    }
}

/// What happened to a store when it was opened.
public enum StoreFinding: Equatable, Sendable {
    case made
    /// From one structure to the next.
    case migrated(from: Int, to: Int)
    /// A damaged file was removed; what it held is made again.
    case dropped(reason: String)
    /// A damaged file was renamed, and a new one made.
    case setAside(as: String, reason: String)
    /// It was missing or set aside, and filled from the last online backup.
    case restored(from: String)
    /// The last online backup could not be used, and was renamed; a new file was made.
    case backupUnusable(StoreTrouble, as: String)
}
