public import Configuration
internal import HostModel
internal import Platform

/// Sites with what goes with them, taken out of a configuration or put into another one: `sites.config` of an export.
///
///     <configuration>
///         <system.applicationHost>
///             <applicationPools>the pools of the sites' applications</applicationPools>
///             <sites>the sites</sites>
///         </system.applicationHost>
///         <location path="Site…">every one that is about them</location>
///     </configuration>
///
/// Each element is as its file writes it. What pools and sites inherit of the server (`applicationPoolDefaults`,
/// `siteDefaults`, sections of the server level) stays behind.
enum SiteSelection {
    static let fileName = "sites.config"
    private static let sites = "system.applicationHost/sites"
    private static let pools = "system.applicationHost/applicationPools"

    /// The bytes of `sites.config`. Throws where there is no such site.
    static func bytes(_ names: [String], of server: ServerConfiguration) throws(TransferError) -> [UInt8] {
        let model = HostModel.build(server)
        var wanted: Set<String> = []
        var usedPools: Set<String> = []
        for name in names {
            guard let site = model.sites.first(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw TransferError("there is no site \"\(name)\"")
            }
            wanted.insert(site.name.lowercased())
            for application in site.applications { usedPools.insert(application.pool.lowercased()) }
        }
        func elements(_ section: String, _ names: Set<String>) -> [String] {
            (server.file.own(section)?.children.filter { names.contains($0["name"]?.lowercased() ?? "") } ?? [])
                .map(\.text)
        }
        let locations = server.file.locations.filter { location in
            location.path.flatMap(Location.site(ofPath:)).map(wanted.contains) == true
        }.map { String(decoding: server.file.document.text[$0.span], as: UTF8.self) }
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration>
                <system.applicationHost>
                    <applicationPools>
            \(elements(pools, usedPools).map { "            \($0)\n" }.joined())        </applicationPools>
                    <sites>
            \(elements(sites, wanted).map { "            \($0)\n" }.joined())        </sites>
                </system.applicationHost>
            \(locations.map { "    \($0)\n" }.joined())</configuration>

            """
        return Array(text.utf8)
    }

    /// The file of `server` with the sites of `bytes` in it, and their names in lower case. Throws where a name is taken; an id that is taken becomes another
    /// one, and a pool that is there is kept: both are notes.
    static func merged(
        _ bytes: [UInt8], _ path: String, into server: ServerConfiguration, _ folders: FolderMap
    ) throws -> (bytes: [UInt8], names: Set<String>, notes: [String]) {
        var names: Set<String> = []
        var notes: [String] = []
        let model = HostModel.build(server)
        let original = try ServerConfiguration(bytes: bytes, path: path, schemaFiles: server.schemaFiles)
        let incoming = try renumbered(try folders.applied(to: original), model, &notes)
        guard let siteList = server.file.own(sites), let poolList = server.file.own(pools) else {
            throw TransferError(
                "the configuration has no sections <applicationPools> and <sites> that the sites could be put into")
        }
        var edit = DocumentEdit(server.file.document)
        func insert(_ element: DocumentElement, in list: DocumentElement, named name: String) {
            edit.insert(element.text, in: list, after: Array(list.children.filter { $0.name == name }).last)
        }
        for pool in incoming.file.own(pools)?.children.filter({ $0.name == "add" }) ?? [] {
            let name = pool["name"] ?? ""
            if model.pool(name) != nil {
                let own = poolList.children.first { $0["name"]?.lowercased() == name.lowercased() }
                let isSame = own?.text == pool.text
                notes.append(
                    "pool \"\(name)\" is here already and stays as it is\(isSame ? "" : ", which is not as the export has it")"
                )
            } else {
                insert(pool, in: poolList, named: "add")
            }
        }
        for site in incoming.file.own(sites)?.children.filter({ $0.name == "site" }) ?? [] {
            let name = site["name"] ?? ""
            guard !model.sites.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw TransferError(
                    "nothing is changed: a site \"\(name)\" is here already; rename or remove one of the two first")
            }
            insert(site, in: siteList, named: "site")
            names.insert(name.lowercased())
        }
        let root = server.file.document.root
        for location in incoming.file.document.root.children where location.name == "location" {
            edit.insert(location.text, in: root, after: Array(root.children).last)
        }
        return (try edit.applied().stored, names, notes)
    }

    /// The sites with ids that nobody has.
    private static func renumbered(
        _ incoming: ServerConfiguration, _ model: HostModel, _ notes: inout [String]
    ) throws -> ServerConfiguration {
        var taken = Set(model.sites.map(\.id))
        var edit = DocumentEdit(incoming.file.document)
        for site in incoming.file.own(sites)?.children.filter({ $0.name == "site" }) ?? [] {
            guard let id = site["id"].flatMap({ UInt32($0) }) else { continue }
            if taken.insert(id).inserted { continue }
            // Ids are 32 bits wide; a configuration of four billion sites fits no machine.
            let free = (1...UInt32.max).first { !taken.contains($0) } ?? id
            taken.insert(free)
            notes.append("site \"\(site["name"] ?? "")\" gets the id \(free), since \(id) is another site's")
            edit.set("id", to: "\(free)", on: site)
        }
        return try incoming.replacingFile(try edit.applied().stored)
    }
}

extension ConfigurationFile {
    /// The section as the file's own level writes it.
    fileprivate func own(_ section: String) -> DocumentElement? {
        occurrences.first { $0.section == section && $0.location.path == nil }?.element
    }
}

extension ConfigurationExport {
    /// Some sites with their pools.
    ///
    /// - Parameter content: what was copied beside it.
    public static func sites(
        _ names: [String], of server: ServerConfiguration, ring: KeyRing, password: TransferPassword?,
        content: ContentList? = nil
    ) throws -> ConfigurationExport {
        let sealed = try server.sealed(with: ring)
        var documents = [
            File(name: SiteSelection.fileName, bytes: try SiteSelection.bytes(names, of: sealed.server))
        ]
        if let content { documents.append(File(name: ContentList.fileName, bytes: content.bytes)) }
        return try ConfigurationExport(.sites, documents, SecretValue.all(in: sealed.server), ring, password)
    }
}

extension ImportPlan {
    /// Sites of an export, put beside those that are there.
    ///
    /// - Parameter folders: which of their folders lie elsewhere here.
    public static func sites(
        _ export: ReceivedExport, ring: KeyRing?, into instance: ImportTarget, folders: FolderMap = FolderMap([]),
        isKnownUser: (String) throws -> Bool
    ) throws -> ImportPlan {
        guard let current = instance.current, let old = instance.bytes else {
            throw TransferError(
                "there is no configuration \(instance.configurationPath) to put the sites into; make one with "
                    + "'hostelry init'")
        }
        guard let bytes = export.bytes(SiteSelection.fileName) else {
            throw TransferError("the export holds no \(SiteSelection.fileName)")
        }
        let merged = try SiteSelection.merged(
            bytes, "\(export.folder)/\(SiteSelection.fileName)", into: current, folders)
        let file = File(path: instance.configurationPath, old: old, new: merged.bytes, isServerFile: true)
        var plan = try ImportPlan(
            [file], export.folder, from: current, to: try instance.configuration(merged.bytes), notes: merged.notes,
            isPart: true, ring: ring, isKnownUser: isKnownUser)
        if let list = export.bytes(ContentList.fileName) {
            plan.content = try content(
                try ContentList(bytes: list, path: "\(export.folder)/\(ContentList.fileName)"), export.folder,
                plan.after.sites.filter { merged.names.contains($0.name.lowercased()) }, current.environment, folders)
        }
        return plan
    }

    /// Where the content goes: to the folders of the sites' virtual directories, and nowhere else whatever the list says.
    private static func content(
        _ list: ContentList, _ folder: String, _ sites: [Site], _ environment: EnvironmentVariables,
        _ folders: FolderMap
    ) throws(TransferError) -> ContentPlacement {
        let known = Set(
            sites.flatMap(\.applications).flatMap(\.virtualDirectories).map { FilePath.trimmed($0.physicalPath) })
        var destinations: [ContentPlacement.Destination] = []
        for (index, tree) in list.trees.enumerated() {
            let path = FilePath.trimmed(environment.expand(folders.path(of: tree.path) ?? tree.path))
            guard path.hasPrefix("/"), path != "/", !path.split(separator: "/").contains(".."), known.contains(path)
            else {
                throw TransferError(
                    "nothing is changed: \(folder)/\(ContentList.fileName) has content for \(path), which none of its sites serves; "
                        + "it was altered, export again")
            }
            destinations.append(.init(tree: tree, index: index, path: path))
        }
        return try ContentPlacement(destinations, from: folder)
    }
}
