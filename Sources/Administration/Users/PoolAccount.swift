public import HostModel
import Platform

/// Who the workers of a pool run as where the master is root.
public struct PoolAccount: Equatable, Sendable {
    /// What `USER` says: an account's name, or the pool's where its user has no account.
    public let name: String
    public let user: UInt32
    public let group: UInt32
    public let supplementaryGroups: [UInt32]
    public let home: PoolHome

    /// Why a pool has no user.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
        /// It lies in the configuration or in the machine's accounts: trying again does not help.
        public let isLasting: Bool
    }

    /// What an account is asked for.
    public enum Purpose: Sendable {
        /// A number is given, and written down, where none was.
        case use
        /// Nothing is written: the number that would be given.
        case information
    }

    /// The account of a pool.
    ///
    /// Asks the machine's name services, which may wait for a network, for all but `ApplicationPoolIdentity`.
    public static func of(
        pool name: String, _ identity: ApplicationPool.ProcessModel.Identity, userName: String, users: PoolUsers,
        stateFolder: String, allowsLocalSystem: Bool, purpose: Purpose
    ) throws(Failure) -> PoolAccount {
        func home(_ account: String?) -> PoolHome {
            PoolHome(pool: name, account: account, stateFolder: stateFolder)
        }
        switch identity {
        case .applicationPoolIdentity:
            let user = try number(of: UserRecord.Owner(pool: name), users, purpose)
            return PoolAccount(name: name, user: user, group: user, supplementaryGroups: [], home: home(nil))
        case .networkService: return try own("hostelry-network", users, purpose, home)
        case .localService: return try own("hostelry-local", users, purpose, home)
        case .specificUser:
            guard !userName.isEmpty else {
                throw Failure(
                    description: "identityType is SpecificUser, and there is no userName", isLasting: true)
            }
            guard let account = try account(userName) else {
                throw Failure(
                    description: "there is no user \"\(userName)\" on this machine (processModel userName)",
                    isLasting: true)
            }
            guard account.user != 0 || allowsLocalSystem else { throw refusedRoot }
            return PoolAccount(
                name: account.name, user: account.user, group: account.group,
                supplementaryGroups: try groups(of: account), home: home(account.name))
        case .localSystem:
            guard allowsLocalSystem else { throw refusedRoot }
            return PoolAccount(name: "root", user: 0, group: 0, supplementaryGroups: [], home: home("root"))
        }
    }

    private static let refusedRoot = Failure(
        description: "it would run as root; give it another identity, or allow it with "
            + "'hostelry run --allow-local-system'", isLasting: true)

    /// The account of every pool of a master that is not root: the caller's own.
    public static func ofCaller(pool: String, stateFolder: String) -> PoolAccount {
        PoolAccount(
            name: CurrentProcess.variable("USER") ?? "\(CurrentProcess.user)", user: CurrentProcess.user,
            group: CurrentProcess.group, supplementaryGroups: [],
            home: PoolHome(pool: pool, account: nil, stateFolder: stateFolder))
    }

    /// The router's user and group.
    public static func ofRouter(users: PoolUsers) throws(Failure) -> (user: UInt32, group: UInt32) {
        let name = "hostelry-router"
        if let account = try account(name) { return (account.user, account.group) }
        let user = try number(of: .account(name), users, .use)
        return (user, user)
    }

    private static func own(
        _ name: String, _ users: PoolUsers, _ purpose: Purpose, _ home: (String?) -> PoolHome
    ) throws(Failure) -> PoolAccount {
        if let account = try account(name), account.user != 0 {
            return PoolAccount(
                name: name, user: account.user, group: account.group, supplementaryGroups: [], home: home(name))
        }
        let user = try number(of: .account(name), users, purpose)
        return PoolAccount(name: name, user: user, group: user, supplementaryGroups: [], home: home(name))
    }

    private static func number(
        of owner: UserRecord.Owner, _ users: PoolUsers, _ purpose: Purpose
    ) throws(Failure) -> UInt32 {
        do throws(PoolUsers.Failure) {
            switch purpose {
            case .use: return try users.assignedUser(of: owner)
            case .information:
                if let user = users.user(of: owner) { return user }
                return try users.prospect(for: owner)
            }
        } catch {
            throw Failure(description: "it cannot be given a user: \(error)", isLasting: false)
        }
    }

    private static func account(_ name: String) throws(Failure) -> Account? {
        do throws(SystemError) {
            return try Account.named(name)
        } catch {
            throw Failure(description: "the user \"\(name)\" cannot be looked up: \(error)", isLasting: false)
        }
    }

    private static func groups(of account: Account) throws(Failure) -> [UInt32] {
        do throws(SystemError) {
            return try account.groups()
        } catch {
            throw Failure(
                description: "the groups of \"\(account.name)\" cannot be looked up: \(error)", isLasting: false)
        }
    }
}
