public import Configuration

/// Adds, changes and deletes sites, applications, virtual directories and pools in the server's file.
public final class HostingEditor {
    public let file: DraftFile
    private let schema: Schema
    private let seal: SectionEditor.Seal
    /// Made when first asked for.
    private var known: SiteIndex?
    /// The pools by their names in lower case, made when first asked for.
    private var knownPools: [String: DraftElement]?
    private var knownSections: [String: DraftElement] = [:]

    public init(_ server: ServerConfiguration, seal: @escaping SectionEditor.Seal) {
        file = DraftFile(server.file.document)
        schema = server.schema
        self.seal = seal
    }

    /// A value that an object is given: which attribute, and its text.
    public typealias Property = (selector: ElementSelector, value: String)

    // MARK: Sites

    private var siteSchema: ElementSchema {
        get throws(OperationError) { try item(of: HostedObjects.sitesSection) }
    }

    /// Makes an object say what an imported element says; its own name and number stay.
    public func fill(
        _ object: DraftElement, _ kind: Kind, from element: DocumentElement
    ) throws(OperationError) {
        let schema = try schema(of: kind)
        guard element.name == schema.name else {
            throw .invalidData("(line \(element.line): <\(element.name)> is no <\(schema.name)>)")
        }
        let imported = try ImportedElement.read(element, as: schema, seal: seal)
        for key in ["name", "id", "path"] { imported.remove(key) }
        try editor(of: object, kind).merge(imported)
    }

    private func item(of section: String) throws(OperationError) -> ElementSchema {
        guard let item = schema.section(section)?.collection?.items.first else { throw .unknownSection(section) }
        return item
    }

    private func sites() -> SiteIndex {
        if let known { return known }
        let index = SiteIndex()
        let id = schema.section(HostedObjects.sitesSection)?.collection?.items.first?.attribute("id")
        for child in section(HostedObjects.sitesSection)?.children ?? [] where child.name == "site" {
            index.add(child, id)
        }
        known = index
        return index
    }

    public func site(_ name: String) throws(OperationError) -> DraftElement {
        guard let site = sites().byName[name.lowercased()] else { throw .unknownObject(name) }
        return site
    }

    /// Adds a site, with `id` the next one where none is given.
    public func addSite(_ name: String, id: String?) throws(OperationError) -> DraftElement {
        let sites = sites()
        let schema = try siteSchema
        let name = try stored(name, "name", schema)
        let id = try stored(id ?? "\(sites.highestID + 1)", "id", schema)
        guard sites.byName[name.lowercased()] == nil else { throw .duplicate(name: name) }
        guard !sites.has(id, schema.attribute("id")) else {
            throw .refusedItem(
                element: "site",
                reason: "Cannot add duplicate collection entry of type 'site' with unique key attribute 'id' set to "
                    + "'\(id)'",
                isDuplicate: true)
        }
        let site = DraftElement("site", attributes: [("name", name), ("id", id)])
        sectionMade(HostedObjects.sitesSection).append(site)
        sites.add(site, schema.attribute("id"))
        return site
    }

    public func deleteSite(_ name: String) throws(OperationError) {
        let site = try site(name)
        section(HostedObjects.sitesSection)?.remove(site)
        // Where two have a name, the other one is to be found then.
        if known?.remove(site, schema.section(HostedObjects.sitesSection)?.collection?.items.first?.attribute("id"))
            != true
        {
            known = nil
        }
    }

    /// Gives a site these bindings in place of those it has: `http/*:80:,https/*:443:www.example.com`.
    public func setBindings(_ text: String, of site: DraftElement) throws(OperationError) {
        guard let schema = try siteSchema.child("bindings") else { throw .unknownAttribute("bindings") }
        var bindings: [ElementSelector.Item] = []
        for word in text.split(separator: ",") {
            let parts = word.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .invalidValue(
                    attribute: "bindings",
                    reason: "A binding has the form protocol/bindingInformation, for example http/*:80:www.example.com")
            }
            bindings.append(
                .init([
                    .init("protocol", String(parts[0]).trimmed), .init("bindingInformation", String(parts[1]).trimmed),
                ]))
        }
        let holder = site.child("bindings")
        holder?.removeChildren()
        guard !bindings.isEmpty else { return }
        let editor = SectionEditor(schema, written: holder, inherited: nil, level: .server, seal: seal) {
            site.childMade("bindings")
        }
        for binding in bindings { try editor.add(ElementSelector(steps: [.item(binding)])) }
    }

    // MARK: Applications and virtual directories

    /// An application by its name, `Site/` or `Site/shop`.
    public func application(_ name: String) throws(OperationError) -> (site: DraftElement, element: DraftElement) {
        let (siteName, path) = Self.split(name)
        guard let site = sites().byName[siteName.lowercased()],
            let element = site.children.first(where: {
                $0.name == "application" && HostedPath.trimmed($0["path"] ?? "").isSame(as: path)
            })
        else { throw .unknownObject(name) }
        return (site, element)
    }

    public func addApplication(
        to siteName: String, path: String
    ) throws(OperationError) -> DraftElement {
        let site = try site(siteName)
        guard let schema = try siteSchema.collection?.items.first else { throw .unknownAttribute("path") }
        let path = try stored(path, "path", schema)
        if (try? application(siteName + path)) != nil { throw .duplicate(name: path) }
        let element = DraftElement("application", attributes: [("path", path)])
        let children = site.children
        let last = children.lastIndex { $0.name == "application" }
        site.insert(element, at: last.map { $0 + 1 } ?? 0)
        return element
    }

    public func deleteApplication(_ name: String) throws(OperationError) {
        let (site, element) = try application(name)
        site.remove(element)
    }

    /// A virtual directory by its name, `Site/`, `Site/shop/` or `Site/shop/images`.
    public func directory(
        _ name: String
    ) throws(OperationError) -> (application: DraftElement, element: DraftElement) {
        let (siteName, rest) = Self.split(name)
        guard let site = sites().byName[siteName.lowercased()] else { throw .unknownObject(name) }
        for application in site.children where application.name == "application" {
            let path = HostedPath.trimmed(application["path"] ?? "")
            for directory in application.children where directory.name == "virtualDirectory" {
                let own = HostedPath.trimmed(directory["path"] ?? "/")
                if ((path == "/" ? "" : path) + own).isSame(as: rest) { return (application, directory) }
            }
        }
        throw .unknownObject(name)
    }

    public func addDirectory(
        to applicationName: String, path: String
    ) throws(OperationError) -> DraftElement {
        let (_, application) = try application(applicationName)
        guard let schema = try siteSchema.collection?.items.first?.collection?.items.first else {
            throw .unknownAttribute("path")
        }
        let path = try stored(path, "path", schema)
        let isKnown = application.children.contains {
            $0.name == "virtualDirectory" && HostedPath.trimmed($0["path"] ?? "/").isSame(as: path)
        }
        guard !isKnown else { throw .duplicate(name: path) }
        let element = DraftElement("virtualDirectory", attributes: [("path", path)])
        let last = application.children.lastIndex { $0.name == "virtualDirectory" }
        application.insert(element, at: last.map { $0 + 1 } ?? 0)
        return element
    }

    public func deleteDirectory(_ name: String) throws(OperationError) {
        let (application, element) = try directory(name)
        application.remove(element)
    }

    /// `Site/shop/` is the site and `/shop/`; a site's name alone means its root.
    static func split(_ name: String) -> (site: String, path: String) {
        guard let slash = name.firstIndex(of: "/") else { return (name, "/") }
        return (String(name[..<slash]), String(name[slash...]))
    }

    // MARK: Pools

    public func pool(_ name: String) throws(OperationError) -> DraftElement {
        guard let found = pools()[name.lowercased()] else { throw .unknownObject(name) }
        return found
    }

    private func pools() -> [String: DraftElement] {
        if let knownPools { return knownPools }
        let all = (section(HostedObjects.poolsSection)?.children ?? []).filter { $0.name == "add" }
        let pools = Dictionary(all.map { (($0["name"] ?? "").lowercased(), $0) }) { first, _ in first }
        knownPools = pools
        return pools
    }

    public func addPool(_ name: String) throws(OperationError) -> DraftElement {
        let name = try stored(name, "name", try item(of: HostedObjects.poolsSection))
        if (try? pool(name)) != nil { throw .duplicate(name: name) }
        let pool = DraftElement("add", attributes: [("name", name)])
        let section = sectionMade(HostedObjects.poolsSection)
        let last = section.children.lastIndex { $0.name == "add" }
        section.insert(pool, at: last.map { $0 + 1 } ?? 0)
        knownPools?[name.lowercased()] = pool
        return pool
    }

    public func deletePool(_ name: String) throws(OperationError) {
        let pool = try pool(name)
        section(HostedObjects.poolsSection)?.remove(pool)
        knownPools = nil
    }

    // MARK: What they share

    /// Where an object's attributes are changed.
    public enum Kind: Sendable { case site, application, directory, pool }

    public func editor(of element: DraftElement, _ kind: Kind) throws(OperationError) -> SectionEditor {
        SectionEditor(try schema(of: kind), written: element, inherited: nil, level: .server, seal: seal) { element }
    }

    private func schema(of kind: Kind) throws(OperationError) -> ElementSchema {
        let schema: ElementSchema?
        switch kind {
        case .site: schema = try siteSchema
        case .application: schema = try siteSchema.collection?.items.first
        case .directory: schema = try siteSchema.collection?.items.first?.collection?.items.first
        case .pool: schema = try item(of: HostedObjects.poolsSection)
        }
        guard let schema else { throw .unknownSection("\(kind)") }
        return schema
    }

    /// The section that holds sites or pools; nil where it is not written, and for what another object holds.
    public func holder(of kind: Kind) -> DraftElement? {
        switch kind {
        case .site: section(HostedObjects.sitesSection)
        case .pool: section(HostedObjects.poolsSection)
        case .application, .directory: nil
        }
    }

    /// Refuses an object whose changed key another one in `holder` has.
    public func checkKeys(of element: DraftElement, in holder: DraftElement) throws(OperationError) {
        // Names and numbers may be others now.
        known = nil
        knownPools = nil
        for key in ["name", "id", "path"] {
            guard let value = element[key] else { continue }
            let isTaken = holder.children.contains { other in
                other !== element && other.name == element.name && (other[key] ?? "").isSame(as: value)
            }
            if isTaken { throw .duplicate(name: value) }
        }
    }

    /// A section where it stands outside any location: looked for once, however many objects are added.
    private func section(_ path: String) -> DraftElement? {
        if let known = knownSections[path] { return known }
        let found = file.section(path, at: "")
        knownSections[path] = found
        return found
    }

    private func sectionMade(_ path: String) -> DraftElement {
        if let known = section(path) { return known }
        let made = file.sectionMade(path, at: "")
        knownSections[path] = made
        return made
    }

    private func stored(_ value: String, _ name: String, _ schema: ElementSchema) throws(OperationError) -> String {
        try schema.attribute(name)?.stored(value) ?? value
    }
}

/// The sites of a file, by what must be theirs alone.
private final class SiteIndex {
    /// By the names in lower case.
    private(set) var byName: [String: DraftElement] = [:]
    /// As values: 0x1 is 1.
    private var ids: Set<UInt32> = []
    private(set) var highestID: UInt32 = 0
    /// Whether two sites share a name or a number.
    private var hasDuplicates = false

    func add(_ site: DraftElement, _ id: AttributeSchema?) {
        if let name = site["name"]?.lowercased() {
            if byName[name] == nil { byName[name] = site } else { hasDuplicates = true }
        }
        guard let number = site["id"].flatMap({ Self.number($0, id) }) else { return }
        if !ids.insert(number).inserted { hasDuplicates = true }
        // No id follows the last one.
        highestID = max(highestID, min(number, .max - 1))
    }

    func has(_ text: String, _ id: AttributeSchema?) -> Bool { Self.number(text, id).map(ids.contains) ?? false }

    /// Whether the index is right without the site.
    func remove(_ site: DraftElement, _ id: AttributeSchema?) -> Bool {
        guard !hasDuplicates, let name = site["name"]?.lowercased() else { return false }
        byName[name] = nil
        if let number = site["id"].flatMap({ Self.number($0, id) }) { ids.remove(number) }
        return true
    }

    private static func number(_ text: String, _ attribute: AttributeSchema?) -> UInt32? {
        if let number = UInt32(text) { return number }
        guard case .success(.integer(let number))? = attribute?.parse(text) else { return nil }
        return UInt32(exactly: number)
    }
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
