public import Platform

/// The user numbers that this instance gives away, kept in `STATE/pool-users`.
///
/// A number is on the disk before anybody gets it, and nobody ever gets one that another had, even where the file was
/// lost: the homes' owners tell who had which. The master and commands may add at the same time.
public final class PoolUsers {
    private let path: String
    private let homes: String
    private var known: UserRecord
    /// The owners of the homes, by the homes' names, looked at once: later homes are of users in the record.
    private var homeOwners: [String: UInt32]?

    /// Why there is no number.
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case file(FileError)
        case damaged(path: String, line: Int, reason: String)
        case exhausted

        public var description: String {
            switch self {
            case .file(let error): error.description
            case .damaged(let path, let line, let reason):
                "\(path):\(line): \(reason); correct the line, and never give its number to another pool"
            case .exhausted: "all users of the reserved range have been given away"
            }
        }
    }

    /// Reads what is there.
    public init(stateFolder: String) throws(Failure) {
        path = "\(stateFolder)/pool-users"
        homes = PoolHome.folder(in: stateFolder)
        var bytes: [UInt8] = []
        do throws(FileError) {
            bytes = try FileReader().read(path).bytes
        } catch {
            guard error.kind == .missing else { throw .file(error) }
        }
        known = try Self.record(bytes, path)
    }

    private static func record(_ bytes: [UInt8], _ path: String) throws(Failure) -> UserRecord {
        do throws(UserRecord.Damage) {
            return try UserRecord(bytes)
        } catch {
            throw .damaged(path: path, line: error.line, reason: error.reason)
        }
    }

    /// The number that was given; nil where none was.
    func user(of owner: UserRecord.Owner) -> UInt32? { known.users[owner] }

    /// The number that `owner` would be given now.
    func prospect(for owner: UserRecord.Owner) throws(Failure) -> UInt32 { try next(for: owner, in: known) }

    /// The owner's number, given now where none was. Only for who may write the state folder.
    func assignedUser(of owner: UserRecord.Owner) throws(Failure) -> UInt32 {
        if let user = known.users[owner] { return user }
        do {
            let file = try AppendedFile.open(path)
            let record = try Self.record(try file.contents(), path)
            if let user = record.users[owner] {
                known = record
                return user
            }
            let user = try next(for: owner, in: record)
            try file.append(record.addition(user, owner))
            known.add(user, owner)
            return user
        } catch let error as Failure {
            throw error
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .exhausted
        }
    }

    private func next(for owner: UserRecord.Owner, in record: UserRecord) throws(Failure) -> UInt32 {
        let owners = try ownersOfHomes()
        // A pool whose line was lost gets back what is its own.
        if case .pool(let name) = owner, let former = owners[PoolHome.name(ofPool: name)],
            UserRecord.range.contains(former), !record.users.values.contains(former)
        {
            return former
        }
        // This process may know lines that somebody has cut off since.
        let others = Array(owners.values) + Array(known.users.values)
        guard let next = record.next(beyond: others) else { throw .exhausted }
        return next
    }

    private func ownersOfHomes() throws(Failure) -> [String: UInt32] {
        if let homeOwners { return homeOwners }
        var owners: [String: UInt32] = [:]
        do throws(FileError) {
            owners = try Folder.ownersOfSubfolders(of: homes)
        } catch {
            guard error.kind == .missing else { throw .file(error) }
        }
        homeOwners = owners
        return owners
    }
}
