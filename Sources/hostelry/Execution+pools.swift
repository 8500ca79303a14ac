import Administration
import Arguments
import Configuration
import Operations
import Platform

/// Application pools.
extension Execution {
    static func addPool(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let name = invocation.operand(Commands.newPoolName) ?? ""
            if let known = try? edit.pool(name) {
                throw Refusal("there is a pool \"\(known.name)\" already; 'hostelry pool set' changes it")
            }
            let hosting = try edit.hosting()
            let pool = try hosting.addPool(name)
            let editor = try hosting.editor(of: pool, .pool)
            for change in try changes(invocation, from: 1) { try editor.apply(change) }
            return try edit.submit(hosting.file, .init(comment: name, done: "Pool \"\(name)\" is added"))
        }
    }

    static func listPools(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let pools = listings(edit.objects.pools, edit)
            return answer(
                invocation.has(Commands.poolsJSON),
                JSONValue.object(["pools": .array(pools.map { .object($0.members) })]),
                pools.isEmpty
                    ? "There are no application pools; 'hostelry pool add' makes one.\n"
                    : PoolListing.table(pools, width: tableWidth, isColoured: isColoured))
        }
    }

    static func showPool(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let pool = try edit.pool(invocation.operand(Commands.poolName) ?? "")
            let settings = SectionValue.all(in: pool.element).filter {
                $0.source.file != nil && !$0.source.isBuiltIn && $0.name != "name"
            }
            let listing = listings([pool], edit)[0]
            let more = JSONValue.Member("settings", .array(settings.map(\.json)))
            return answer(
                invocation.has(Commands.poolJSON), JSONValue.object(listing.members + [more]),
                listing.text + (settings.isEmpty ? "" : "\n" + SectionValue.table(settings)))
        }
    }

    private static func listings(_ pools: [HostedPool], _ edit: ServerFileEdit) -> [PoolListing] {
        let live = liveStatus(edit.invocation)?.pools ?? []
        let states = Dictionary(live.map { ($0.name.lowercased(), $0.state) }) { first, _ in first }
        let applications = Dictionary(
            grouping: edit.objects.sites.flatMap(\.applications), by: { $0.pool.lowercased() })
        return pools.map { pool in
            PoolListing(
                name: pool.name, state: states[pool.name.lowercased()],
                identity: pool.element.element("processModel").member("identityType"),
                applications: (applications[pool.name.lowercased()] ?? []).map(\.name))
        }
    }

    static func setPool(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let name = try edit.pool(invocation.operand(Commands.poolName) ?? "").name
            let hosting = try edit.hosting()
            let editor = try hosting.editor(of: try hosting.pool(name), .pool)
            let changes = try changes(invocation, from: 1)
            let new = invocation.text(Commands.otherPoolName)
            guard new != nil || !changes.isEmpty else {
                throw Misuse(reason: "there is nothing to change: say --name or ATTRIBUTE=VALUE")
            }
            for change in changes {
                if change.sets("name") { throw Refusal("--name gives a pool another name") }
                try naming(in: try edit.pool(name).element) { try editor.apply(change) }
            }
            let renaming = try new.map { try renamePool(name, to: $0, hosting) }
            let status = try edit.submit(
                hosting.file,
                .init(comment: name, done: "Pool \"\(name)\" is changed\(renaming?.text ?? "")"))
            if let new, status == 0, !invocation.has(Commands.trial) { tellOfNewUser(name, new, edit) }
            return status
        }
    }

    static func removePool(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let name = try edit.pool(invocation.operand(Commands.poolName) ?? "").name
            let applications = edit.applications(in: name)
            guard applications.isEmpty else {
                let named = applications.prefix(10).joined(separator: ", ")
                let rest = applications.count > 10 ? " and \(applications.count - 10) more" : ""
                throw Refusal(
                    "applications run in the pool \"\(name)\": \(named)\(rest); 'hostelry site set SITE --pool POOL' moves "
                        + "a site, 'hostelry app remove' and 'hostelry site remove' remove")
            }
            let hosting = try edit.hosting()
            try hosting.deletePool(name)
            return try edit.submit(
                hosting.file, .init(comment: name, done: "Pool \"\(name)\" is removed", isAskedAbout: true))
        }
    }
}
