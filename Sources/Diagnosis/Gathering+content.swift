internal import Administration
internal import HostModel
internal import Platform

/// Folders that are served.
extension Gathering {
    private struct Place: Sendable {
        let application: String
        let pool: String
        let path: String
    }

    /// Looks whether each pool's user can read what it serves; answers the mount points that do not answer.
    mutating func lookAtContent(of sites: [Site], in model: HostModel) -> [String] {
        var places: [Place] = []
        for site in sites where !site.isQuarantined {
            for application in site.applications where application.quarantine.isEmpty {
                sitePools.insert(application.pool.lowercased())
                for directory in application.virtualDirectories
                where !VirtualDirectory.isWindowsPath(directory.physicalPath) {
                    places.append(
                        Place(
                            application: site.name + application.path, pool: application.pool,
                            path: directory.physicalPath))
                }
            }
        }
        // No look at a path on it, by whatever way, comes back.
        let silent = MountPoints.silent(patience: Self.shortPatience)
        let asked = places.filter { place in !silent.contains { MountPoints.holds($0, place.path) } }
        for place in places where silent.contains(where: { MountPoints.holds($0, place.path) }) {
            picture.content.append(
                Picture.Content(
                    application: place.application, pool: place.pool, user: 0, path: place.path, state: .silent))
        }
        let state = picture.state
        if let found = bounded("the folders of sites", { Self.content(asked, model, state) }) {
            picture.content += found
        }
        return silent
    }

    private static func content(_ places: [Place], _ model: HostModel, _ stateFolder: String) -> [Picture.Content] {
        var accounts: [String: PoolAccount?] = [:]
        var told: Set<String> = []
        var found: [Picture.Content] = []
        let pools = model.poolsByName()
        let users = CurrentProcess.user == 0 ? try? PoolUsers(stateFolder: stateFolder) : nil
        for place in places {
            let key = place.pool.lowercased()
            if accounts[key] == nil {
                accounts[key] = .some(account(pools[key], users, stateFolder))
            }
            guard let account = accounts[key] ?? nil,
                told.insert("\(account.user) \(place.path)").inserted
            else { continue }
            func add(_ path: String, _ state: Picture.Content.State) {
                found.append(
                    Picture.Content(
                        application: place.application, pool: place.pool, user: account.user, path: path, state: state,
                        isAmongOthers: state == .missing && isAmongOthers(path)))
            }
            if let state = state(of: place.path, account) {
                add(place.path, state)
                continue
            }
            let file = "\(place.path)/web.config"
            guard let facts = try? FileFacts.of(file), facts.kind == .regular else { continue }
            if lacks(account, file, folder: false) { add(file, .unreadable) }
        }
        return found
    }

    private static func account(
        _ pool: ApplicationPool?, _ users: PoolUsers?, _ stateFolder: String
    ) -> PoolAccount? {
        guard let pool else { return nil }
        guard CurrentProcess.user == 0 else { return .ofCaller(pool: pool.name, stateFolder: stateFolder) }
        guard let users else { return nil }
        return try? PoolAccount.of(
            pool: pool.name, pool.processModel.identity, userName: pool.processModel.userName, users: users,
            stateFolder: stateFolder, allowsLocalSystem: true, purpose: .information)
    }

    /// Nil where nothing is wrong with it.
    private static func state(of path: String, _ account: PoolAccount) -> Picture.Content.State? {
        do throws(SystemError) {
            guard try FileFacts.of(path).kind == .directory else { return .noFolder }
        } catch {
            switch error.reasonClass {
            case .missing: return .missing
            case .denied: return .refused(at: refusing(path))
            default: return .unreadable
            }
        }
        let grant = AccessGrant(account, mayWrite: false)
        if let first = grant.obstacles(above: path).first { return .refused(at: first) }
        return lacks(account, path, folder: true) ? .unreadable : nil
    }

    /// Whether another user (not root) can change where the path leads: a folder on the way is theirs, or, where root asks,
    /// others may write to it. In one like /tmp they can change what is theirs alone, and make what is missing.
    private static func isAmongOthers(_ path: String) -> Bool {
        let user = CurrentProcess.user
        func isOthers(_ folder: String, isLast: Bool) -> Bool {
            guard let facts = try? FileFacts.of(folder) else { return false }
            let isShared = facts.mode & 0o022 != 0 && (isLast || facts.mode & 0o1000 == 0)
            return facts.owner != 0 && facts.owner != user || user == 0 && isShared
        }
        var existing = path
        while existing != "/", (try? FileFacts.of(existing)) == nil {
            existing = existing.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
            if existing.isEmpty { existing = "/" }
        }
        // By the names that are given, and where links among them lead.
        return [existing, FilePath.resolved(existing) ?? existing].contains { way in
            var parts = way.split(separator: "/")[...]
            var folder = ""
            var isFound = isOthers("/", isLast: parts.isEmpty)
            while !isFound, let part = parts.popFirst() {
                folder += "/\(part)"
                isFound = isOthers(folder, isLast: parts.isEmpty)
            }
            return isFound
        }
    }

    private static func lacks(_ account: PoolAccount, _ path: String, folder: Bool) -> Bool {
        CurrentProcess.user == 0
            ? AccessGrant(account, mayWrite: false).isLacking(at: path) : !FileFacts.mayRead(path, folder: folder)
    }

    /// The first folder on the way that this user cannot pass through.
    private static func refusing(_ path: String) -> String {
        var way = ""
        for part in path.split(separator: "/").dropLast() {
            let next = "\(way)/\(part)"
            if !FileFacts.mayPass(next) { return next }
            way = next
        }
        return way.isEmpty ? "/" : way
    }
}
