import Administration
import Arguments
import Operations
import Platform

/// Applications of sites.
extension Execution {
    static func addApplication(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let (site, path) = try application(invocation, edit)
            guard let folder = invocation.text(Commands.applicationFolder) else {
                throw Misuse(reason: "--path is missing: the folder with the application's content")
            }
            if let known = site.applications.first(where: { $0.path.isSame(as: path) }) {
                throw Refusal("there is an application \(known.name) already; 'hostelry app list' shows all")
            }
            let pool = try invocation.text(Commands.applicationPool).map { try edit.pool($0).name }
            let hosting = try edit.hosting()
            let application = try hosting.addApplication(to: site.name, path: path)
            if let pool = pool ?? site.applications.first(where: { $0.path == "/" })?.pool {
                application.set("applicationPool", to: pool)
            }
            let name = site.name + path
            let root = try hosting.addDirectory(to: name, path: "/")
            try hosting.editor(of: root, .directory).set(
                ElementSelector("physicalPath"), to: contentFolder(folder))
            return try edit.submit(
                hosting.file, .init(comment: name, done: "Application \(name) is added", site: site.name))
        }
    }

    static func listApplications(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let sites = try invocation.operand(Commands.listedSite).map { [try edit.site($0)] } ?? edit.objects.sites
            let listings = listings(sites, nil)
            let applications = listings.flatMap { site in site.applications.map { $0.json(site: site.name) } }
            return answer(
                invocation.has(Commands.applicationsJSON), JSONValue.object(["applications": .array(applications)]),
                SiteListing.applicationTable(listings, width: tableWidth))
        }
    }

    static func showApplication(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let known = try knownApplication(invocation, edit)
            let listing = listings([try edit.site(known.site)], nil)[0].applications.first { $0.path == known.path }
            return answer(
                invocation.has(Commands.applicationJSON), listing?.json(site: known.site) ?? .null,
                listing?.text(site: known.site) ?? "")
        }
    }

    static func setApplication(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let known = try knownApplication(invocation, edit)
            let changes = try changes(invocation, from: 1)
            let pool = try invocation.text(Commands.otherPool).map { try edit.pool($0).name }
            let path = invocation.text(Commands.otherApplicationFolder)
            guard pool != nil || path != nil || !changes.isEmpty else {
                throw Misuse(reason: "there is nothing to change: say --pool, --path or ATTRIBUTE=VALUE")
            }
            let hosting = try edit.hosting()
            let application = try hosting.application(known.name).element
            if let pool { application.set("applicationPool", to: pool) }
            if let path {
                let root = try known.directories.first { $0.path == "/" }.map { try hosting.directory($0.name).element }
                let directory = try root ?? hosting.addDirectory(to: known.name, path: "/")
                try hosting.editor(of: directory, .directory).set(
                    ElementSelector("physicalPath"), to: contentFolder(path))
            }
            let editor = try hosting.editor(of: application, .application)
            try naming(in: known.element) {
                for change in changes {
                    // Locations go by it.
                    if change.sets("path") { throw Refusal("an application keeps its path; --path moves its folder") }
                    if change.sets("pool") { throw Refusal("--pool moves an application to another pool") }
                    try editor.apply(change)
                }
            }
            return try edit.submit(
                hosting.file,
                .init(comment: known.name, done: "Application \(known.name) is changed", site: known.site))
        }
    }

    private static func knownApplication(
        _ invocation: Invocation, _ edit: ServerFileEdit
    ) throws -> HostedApplication {
        let (site, path) = try application(invocation, edit)
        guard let known = site.applications.first(where: { $0.path.isSame(as: path) }) else {
            throw Refusal(
                Spelling.missing(
                    "application", site.name + path, among: site.applications.map(\.name),
                    listedBy: "hostelry app list \(site.name)"))
        }
        return known
    }

    static func removeApplication(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let known = try knownApplication(invocation, edit)
            guard known.path != "/" else {
                throw Refusal("a site's root application goes with the site; 'hostelry site remove' removes both")
            }
            let hosting = try edit.hosting()
            try hosting.deleteApplication(known.name)
            _ = hosting.file.removeReferences(to: known.name)
            return try edit.submit(
                hosting.file,
                .init(
                    comment: known.name, done: "Application \(known.name) is removed", isAskedAbout: true,
                    others: try inAdministration(edit) { $0.removeReferences(to: known.name) }))
        }
    }

    /// The site, and the path in it without a slash at the end.
    private static func application(
        _ invocation: Invocation, _ edit: ServerFileEdit
    ) throws -> (site: HostedSite, path: String) {
        let name = invocation.operand(Commands.applicationName) ?? ""
        guard let slash = name.firstIndex(of: "/") else {
            throw Misuse(reason: "\"\(name)\" names no application: it is SITE/PATH, for example \(name)/shop")
        }
        let path = name[slash...].split(separator: "/").joined(separator: "/")
        return (try edit.site(String(name[..<slash])), "/\(path)")
    }
}
