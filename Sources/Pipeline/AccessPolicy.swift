/// What a folder's content may be used for: `handlers/@accessPolicy`.
struct AccessPolicy: OptionSet, Sendable {
    let rawValue: UInt32

    static let read = AccessPolicy(rawValue: 1)
    static let write = AccessPolicy(rawValue: 2)
    static let execute = AccessPolicy(rawValue: 4)
    static let script = AccessPolicy(rawValue: 512)
    static let noRemoteWrite = AccessPolicy(rawValue: 1024)
    static let noRemoteRead = AccessPolicy(rawValue: 4096)
    static let noRemoteExecute = AccessPolicy(rawValue: 8192)
    static let noRemoteScript = AccessPolicy(rawValue: 16384)

    /// Whether clients of this machine and others may do the same.
    var treatsEveryoneAlike: Bool {
        isDisjoint(with: [.noRemoteWrite, .noRemoteRead, .noRemoteExecute, .noRemoteScript])
    }

    /// What a handler needs: `requireAccess` of its entry.
    enum Requirement: String, Sendable {
        case none = "None"
        case read = "Read"
        case write = "Write"
        case script = "Script"
        case execute = "Execute"
    }

    /// Why a request of a local or remote client may not use a handler with this requirement; `nil` when it may.
    func refusal(_ requirement: Requirement, isLocal: Bool) -> Refusal? {
        switch requirement {
        case .none: nil
        case .read: contains(.read) && (isLocal || !contains(.noRemoteRead)) ? nil : .readAccessForbidden
        case .write: contains(.write) && (isLocal || !contains(.noRemoteWrite)) ? nil : .writeAccessForbidden
        case .execute: contains(.execute) && (isLocal || !contains(.noRemoteExecute)) ? nil : .executeAccessForbidden
        // Who may execute any program may run scripts.
        case .script:
            !isDisjoint(with: [.script, .execute]) && (isLocal || !contains(.noRemoteScript))
                ? nil : .executeAccessForbidden
        }
    }
}
