public import HostModel
import Platform

/// Where the user of a pool cannot reach what its applications serve. Nothing of it is a mistake in the configuration,
/// and each such request is answered 500 or 401 all the same.
public struct ContentReach {
    private let model: HostModel
    private let file: String
    private let stateFolder: String
    private var accounts: [String: PoolAccount?] = [:]
    private var told: Set<String> = []
    private var problems: [Problem] = []

    /// A warning for each folder and user, for a server that root starts; an ordinary user's server has that user's
    /// pools, and nothing to tell. `only` names the site that is looked at; nil: all.
    public static func problems(
        in model: HostModel, file: String, stateFolder: String, only name: String? = nil
    ) -> [Problem] {
        guard CurrentProcess.user == 0 else { return [] }
        var reach = ContentReach(model, file, stateFolder)
        for site in model.sites where !site.isQuarantined && (name == nil || site.name == name) { reach.look(at: site) }
        return reach.problems
    }

    private init(_ model: HostModel, _ file: String, _ stateFolder: String) {
        self.model = model
        self.file = file
        self.stateFolder = stateFolder
    }

    private mutating func look(at site: Site) {
        for application in site.applications where application.quarantine.isEmpty {
            guard let account = account(of: application.pool), account.user != 0 else { continue }
            for directory in application.virtualDirectories
            where !VirtualDirectory.isWindowsPath(directory.physicalPath) {
                guard told.insert("\(account.user) \(directory.physicalPath)").inserted else { continue }
                for message in findings(about: directory.physicalPath, account, pool: application.pool) {
                    problems.append(
                        Problem(
                            .warning, file: file, line: application.line.number,
                            object: "application \"\(site.name)\(application.path)\"", message))
                }
            }
        }
    }

    private func findings(about path: String, _ account: PoolAccount, pool: String) -> [String] {
        let grant = AccessGrant(account, mayWrite: false)
        let user = "The user of the pool \"\(pool)\""
        var findings = grant.obstacles(above: path).map { folder in
            "\(user) cannot pass through \(folder); \(grant.remedy(for: folder))"
        }
        if grant.isLacking(at: path) {
            findings.append("\(user) cannot read \(path); type: hostelry pool grant '\(pool)' '\(path)' --read")
        }
        return findings
    }

    /// Nil for a pool that gets none.
    private mutating func account(of pool: String) -> PoolAccount? {
        if let known = accounts[pool] { return known }
        let account = try? PoolAccount.of(poolNamed: pool, in: model, stateFolder: stateFolder, assigning: false)
        accounts[pool] = account
        return account
    }
}
