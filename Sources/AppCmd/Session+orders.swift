internal import Operations

/// What the running server is told: start, stop, recycle.
extension Session {
    /// Each object is told, whatever another one answers; the last refusal's code is the command's.
    func order() throws(Failure) {
        let timeout = try line.flag("wait", default: false) ? try self.timeout() : nil
        let targets = try targets()
        var failure: Failure?
        for target in targets {
            do throws(Failure) {
                try order(target.name, timeout)
            } catch {
                guard targets.count > 1 else { throw error }
                lines += error.lines
                failure = error
            }
        }
        if let failure { code = failure.code }
    }

    private func timeout() throws(Failure) -> UInt32 {
        guard let text = line["timeout"] else { return 60_000 }
        guard let number = UInt32(text) else { throw .badOption("timeout", text) }
        return number
    }

    private func order(_ wanted: String, _ timeout: UInt32?) throws(Failure) {
        let objects = try objects()
        let isSite = kind == .site
        let found = isSite ? objects.site(wanted)?.name : objects.pools.first { $0.name.isSame(as: wanted) }?.name
        guard let name = found else { throw .notFound(wanted, kind.name) }
        let live = try running()
        let state = isSite ? live.sites[name.lowercased()] : live.pools[name.lowercased()]
        switch verb {
        case .start:
            guard state != "Started" else { throw .alreadyInState(name, "started") }
            try tell(isSite ? .startSite(name) : .startPool(name), timeout)
            lines.append("\(quoted(name)) successfully started.")
        case .stop:
            guard state != "Stopped" else { throw .alreadyInState(name, "stopped") }
            try tell(isSite ? .stopSite(name) : .stopPool(name), timeout)
            lines.append("\(quoted(name)) successfully stopped")
        default:
            guard state != "Stopped" else { throw .alreadyInState(name, "stopped") }
            try tell(.recycle(pool: name), nil)
            lines.append("\(quoted(name)) successfully recycled")
        }
    }

    private func tell(_ order: LiveOrder, _ timeout: UInt32?) throws(Failure) {
        try ask { () throws(InstanceFailure) in try instance.order(order, timeout: timeout) }
    }
}

/// Backups of the configuration.
extension Session {
    func addBackup() throws(Failure) {
        let name = try ask { () throws(InstanceFailure) in try instance.addBackup(line.identifier ?? line["name"]) }
        lines.append("BACKUP object \(quoted(name)) added")
    }

    func deleteBackup() throws(Failure) {
        for target in try targets() {
            try ask { () throws(InstanceFailure) in try instance.deleteBackup(target.name) }
            lines.append("BACKUP object \(quoted(target.name)) deleted")
        }
    }

    func restoreBackup() throws(Failure) {
        // The server goes on while the files are replaced, whatever is wanted.
        _ = try line.flag("stop", default: true)
        let name = try requiredIdentifier()
        try ask { () throws(InstanceFailure) in try instance.restoreBackup(name) }
        lines.append("Restored configuration from backup \(quoted(name))")
    }
}
