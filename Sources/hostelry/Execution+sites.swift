import Administration
import Arguments
import Operations
import Platform

/// Sites.
extension Execution {
    static func addSite(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let name = invocation.operand(Commands.newSiteName) ?? ""
            if let known = edit.objects.site(name) {
                throw Refusal(
                    "there is a site \"\(known.name)\" already; 'hostelry site set' and 'hostelry site binding' change "
                        + "it")
            }
            guard let path = invocation.text(Commands.contentFolder) else {
                throw Misuse(reason: "--path is missing: the folder with the site's content")
            }
            let bindings = try bindings(invocation)
            let hosting = try edit.hosting()
            let pools = edit.objects.pools
            let pool: String
            var isNewPool = false
            if let wanted = invocation.text(Commands.newSitePool) {
                pool = try edit.pool(wanted).name
            } else if let known = pools.first(where: { $0.name.isSame(as: name) }) {
                pool = known.name
            } else {
                pool = name
                isNewPool = true
                do {
                    let made = try hosting.addPool(name)
                    if let runtime = invocation.text(Commands.newSiteRuntime) {
                        try hosting.editor(of: made, .pool).set(
                            ElementSelector("managedRuntimeVersion"), to: runtime == "none" ? "" : runtime)
                    }
                } catch {
                    throw Refusal("no pool can have the site's name (\(error)); name one with --pool")
                }
            }
            if !isNewPool, invocation.has(Commands.newSiteRuntime) {
                throw Misuse(
                    reason:
                        "--runtime is for a new pool; 'hostelry pool set \(pool) managedRuntimeVersion=...' changes "
                        + "one that is there")
            }
            let site = try hosting.addSite(name, id: invocation.text(Commands.siteID))
            let application = try hosting.addApplication(to: name, path: "/")
            application.set("applicationPool", to: pool)
            let root = try hosting.addDirectory(to: "\(name)/", path: "/")
            try hosting.editor(of: root, .directory).set(ElementSelector("physicalPath"), to: contentFolder(path))
            let editor = try hosting.editor(of: site, .site)
            for binding in bindings { try editor.add(binding.selector) }
            let addresses = bindings.map(\.text).joined(separator: ", ")
            return try edit.submit(
                hosting.file,
                .init(
                    comment: name,
                    done: "Site \"\(name)\" is added with the number \(site["id"] ?? "") as \(addresses), in the "
                        + "\(isNewPool ? "new " : "")pool \"\(pool)\"",
                    site: name))
        }
    }

    /// What `site add` says that the site answers to.
    private static func bindings(_ invocation: Invocation) throws -> [BindingText] {
        let whole = invocation.texts(Commands.bindingOption)
        let hosts = invocation.texts(Commands.hostNames)
        let port = invocation.number(Commands.sitePort)
        guard whole.isEmpty || (hosts.isEmpty && port == nil) else {
            throw Misuse(reason: "--binding says all of it; --host and --port are not given with it")
        }
        guard whole.isEmpty else { return try whole.map { try BindingText($0) } }
        return try (hosts.isEmpty ? [""] : hosts).map { try BindingText(host: $0, port: port ?? 80) }
    }

    static func listSites(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let sites = listings(edit.objects.sites, liveStatus(invocation))
            return answer(
                invocation.has(Commands.sitesJSON), JSONValue.object(["sites": .array(sites.map(\.json))]),
                sites.isEmpty
                    ? "There are no sites; 'hostelry site add' hosts one.\n"
                    : SiteListing.table(sites, width: tableWidth, isColoured: isColoured))
        }
    }

    static func showSite(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let site = try edit.site(invocation.operand(Commands.siteName) ?? "")
            let listing = listing(site, states(liveStatus(invocation)))
            return answer(invocation.has(Commands.siteJSON), listing.json, listing.text)
        }
    }

    static func listings(_ sites: [HostedSite], _ status: ServerStatus?) -> [SiteListing] {
        let states = states(status)
        return sites.map { listing($0, states) }
    }

    /// By the sites' names in lower case.
    private static func states(_ status: ServerStatus?) -> [String: String] {
        Dictionary((status?.sites ?? []).map { ($0.name.lowercased(), $0.state) }) { first, _ in first }
    }

    private static func listing(_ site: HostedSite, _ states: [String: String]) -> SiteListing {
        SiteListing(
            id: site.id, name: site.name, state: states[site.name.lowercased()], bindings: site.bindings,
            applications: site.applications.map { application in
                SiteListing.Application(
                    path: application.path, pool: application.pool,
                    directories: application.directories.map { .init(path: $0.path, physicalPath: $0.folder) })
            })
    }

    static func setSite(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let name = try edit.site(invocation.operand(Commands.siteName) ?? "").name
            let changes = try changes(invocation, from: 1)
            let pool = try invocation.text(Commands.otherPool).map { try edit.pool($0).name }
            let (path, id) = (invocation.text(Commands.movedFolder), invocation.text(Commands.otherID))
            let new = invocation.text(Commands.otherSiteName)
            guard pool != nil || path != nil || id != nil || new != nil || !changes.isEmpty else {
                throw Misuse(reason: "there is nothing to change: say --pool, --path, --name, --id or ATTRIBUTE=VALUE")
            }
            let hosting = try edit.hosting()
            let site = try hosting.site(name)
            if let pool { try hosting.application("\(name)/").element.set("applicationPool", to: pool) }
            if let path {
                let root = try hosting.directory("\(name)/").element
                try hosting.editor(of: root, .directory).set(ElementSelector("physicalPath"), to: contentFolder(path))
            }
            if let id {
                if let other = edit.objects.sites.first(where: { $0.id == id && $0.name != name }) {
                    throw Refusal("the number \(id) is that of the site \"\(other.name)\"")
                }
                site.set("id", to: id)
            }
            let editor = try hosting.editor(of: site, .site)
            try naming(in: try edit.site(name).element) {
                for change in changes {
                    if change.sets("name") { throw Refusal("--name gives a site another name") }
                    if change.sets("id") { throw Refusal("--id says a site's number") }
                    try editor.apply(change)
                }
            }
            let renaming = try new.map { try renameSite(name, to: $0, hosting, edit) }
            return try edit.submit(
                hosting.file,
                .init(
                    comment: name, done: "Site \"\(name)\" is changed\(renaming?.text ?? "")", site: new ?? name,
                    others: renaming?.others ?? []))
        }
    }

    static func addBinding(_ invocation: Invocation) -> Int32 {
        changeBinding(invocation) { edit, name, binding in
            let hosting = try edit.hosting()
            try hosting.editor(of: try hosting.site(name), .site).add(binding.selector)
            return try edit.submit(
                hosting.file,
                .init(comment: "\(name) \(binding.text)", done: "Site \"\(name)\" answers to \(binding.text)"))
        }
    }

    static func removeBinding(_ invocation: Invocation) -> Int32 {
        changeBinding(invocation) { edit, name, binding in
            let bindings = try edit.site(name).bindings
            guard let known = bindings.first(where: { $0.isSame(as: binding.text) }) else {
                throw Refusal(
                    "site \"\(name)\" does not answer to \(binding.text), but to "
                        + (bindings.isEmpty ? "nothing" : bindings.joined(separator: ", ")))
            }
            let hosting = try edit.hosting()
            try hosting.editor(of: try hosting.site(name), .site).remove(try BindingText(known).selector)
            return try edit.submit(
                hosting.file,
                .init(comment: "\(name) \(known)", done: "Site \"\(name)\" answers to \(known) no longer"))
        }
    }

    private static func changeBinding(
        _ invocation: Invocation, _ body: (ServerFileEdit, String, BindingText) throws -> Int32
    ) -> Int32 {
        withServerFile(invocation) { edit in
            let name = try edit.site(invocation.operand(Commands.siteName) ?? "").name
            return try body(edit, name, try BindingText(invocation.operand(Commands.bindingText) ?? ""))
        }
    }

    static func removeSite(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let site = try edit.site(invocation.operand(Commands.siteName) ?? "")
            let hosting = try edit.hosting()
            try hosting.deleteSite(site.name)
            // Another site of the name is not to find what was said of this one, nor its owners.
            _ = hosting.file.removeReferences(to: site.name)
            let status = try edit.submit(
                hosting.file,
                .init(
                    comment: site.name, done: "Site \"\(site.name)\" is removed", isAskedAbout: true,
                    others: try inAdministration(edit) { $0.removeReferences(to: site.name) }))
            // The pool that 'site add' made for it.
            guard status == 0, !invocation.has(Commands.trial), let pool = try? edit.pool(site.name) else {
                return status
            }
            let removed = Set(site.applications.map(\.name))
            if edit.applications(in: pool.name).allSatisfy(removed.contains) {
                print("No application runs in its pool now; 'hostelry pool remove' takes it away.")
            }
            return status
        }
    }
}
