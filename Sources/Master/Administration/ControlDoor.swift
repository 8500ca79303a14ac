import Administration
import ConfigurationStore
import Delegation
import Platform

/// Who gets as far as the control socket: the file system keeps strangers out before they cost anything.
enum ControlDoor {
    /// Lets everybody of the roster connect, and administrators put changes down for the server to make. Who is not among
    /// them any more may neither, also where nobody is left.
    static func open(_ stateFolder: String, to roster: Roster) throws(SystemError) {
        guard let folder = FilePath.resolved(stateFolder) else { throw SystemError("realpath", stateFolder) }
        try admit(roster.everybody, [.read, .write], to: "\(folder)/\(ControlRequest.socketName)")
        // The change itself says what cannot be made.
        guard (try? StagedChange.makeFolder(state: folder)) != nil else { return }
        try admit(roster.administratorIdentities, [.read, .write, .execute], to: StagedChange.folder(in: folder))
    }

    private static func admit(
        _ identities: Set<Roster.Identity>, _ permissions: AccessList.Permissions, to path: String
    ) throws(SystemError) {
        var (users, groups): ([UInt32], [UInt32]) = ([], [])
        for identity in identities {
            switch identity {
            case .user(let user): users.append(user)
            case .group(let group): groups.append(group)
            }
        }
        try PlacedFile.open(path).admit(permissions, users: users.sorted(), groups: groups.sorted())
    }
}
