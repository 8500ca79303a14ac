public import HostModel
import Platform

extension PoolAccount {
    /// The account that a pool of the configuration has; as root, in an instance with that state folder.
    ///
    /// - Parameter assigning: gives the pool its user now where it has none.
    public static func of(
        poolNamed name: String, in model: HostModel, stateFolder: String, assigning: Bool
    ) throws(Failure) -> PoolAccount {
        guard let pool = model.poolsByName()[name.lowercased()] else {
            throw Failure(description: "there is no application pool \"\(name)\"", isLasting: true)
        }
        guard CurrentProcess.user == 0 else { return ofCaller(pool: pool.name, stateFolder: stateFolder) }
        let users: PoolUsers
        do {
            if assigning { try Folder.makeOwned(stateFolder) }
            users = try PoolUsers(stateFolder: stateFolder)
        } catch {
            throw Failure(description: "\(error)", isLasting: false)
        }
        return try of(
            pool: pool.name, pool.processModel.identity, userName: pool.processModel.userName, users: users,
            stateFolder: stateFolder, allowsLocalSystem: true, purpose: assigning ? .use : .information)
    }
}
