public import Platform

/// Why a change of the configuration was not made, or not brought to its end.
public enum ChangeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Somebody else saved the file since the change was thought of. Nothing was changed.
    case changed(path: String)
    /// Another change was under way for longer than this one would wait. Nothing was changed.
    case locked
    /// A file could not be read or written. Nothing was changed.
    case file(FileError)
    /// The history cannot be written, and without it nothing is. Nothing was changed.
    case history(String)
    /// An earlier change, or this one, is neither finished nor undone: why.
    case unfinished(String)
    /// STATE/intent is a newer program's.
    case newerIntent(path: String)

    public var description: String {
        switch self {
        case .changed(let path):
            "\(path) was changed by somebody else in the meantime, and is left as it is; look at it and try again"
        case .locked: "another change of the configuration is under way and does not end; try again later"
        case .file(let error): "the configuration is not changed: \(error)\(Self.remedy(error))"
        case .history(let reason): "the configuration is not changed, since its history cannot be written: \(reason)"
        case .unfinished(let reason):
            "a change of the configuration stopped half-way, and is finished or undone when this is put right: \(reason)"
        case .newerIntent(let path):
            "\(path) holds an unfinished change of a newer version of Hostelry: have that version finish it"
        }
    }

    /// Whether it may go well at another time, or after another look: nothing failed.
    public var isConflict: Bool {
        switch self {
        case .changed, .locked: true
        default: false
        }
    }

    private static func remedy(_ error: FileError) -> String {
        switch error.kind {
        case .noSpace: "; make room on that file system and try again"
        case .readOnly: "; the file system is to be mounted for writing first"
        case .denied: "; ask as the server's user or as root"
        case .locked: "; another program is writing it"
        case .silent: "; see to the share that it lies on"
        default: ""
        }
    }
}
