public import Configuration

/// A configuration file while it is edited.
public final class DraftFile {
    public let document: Document
    public let root: DraftElement

    public init(_ document: Document) {
        self.document = document
        root = DraftElement(document.root)
    }

    /// Whether anything is different from what is written.
    public var isChanged: Bool { root.isDifferent }

    /// The file with the changes, read anew, and as it is stored.
    public func applied() throws(OperationError) -> (document: Document, stored: [UInt8]) {
        var edit = DocumentEdit(document)
        root.write(into: &edit)
        do throws(ConfigurationError) {
            return try edit.applied()
        } catch {
            throw .configuration(error)
        }
    }

    /// The elements that hold sections at `location`, relative to the file's own level; empty: that level itself.
    private func holders(at location: String) -> [DraftElement] {
        let wanted = location.lowercased()
        let tags = root.children.filter { child in
            guard child.name == "location" else { return false }
            let path = child["path"] ?? ""
            return (path == "." ? "" : path.lowercased()) == wanted
        }
        return location.isEmpty ? [root] + tags : tags
    }

    /// A section as the file writes it at `location`.
    public func section(_ path: String, at location: String) -> DraftElement? {
        written(path, at: location)?.element
    }

    /// The section with the elements that hold it, outermost first: the root or a location, then groups.
    func written(_ path: String, at location: String) -> (element: DraftElement, holders: [DraftElement])? {
        let names = path.split(separator: "/").map(String.init)
        for holder in holders(at: location) {
            if let found = Self.find(names[...], in: [holder]) { return found }
        }
        return nil
    }

    /// A group may be written several times.
    private static func find(
        _ names: ArraySlice<String>, in holders: [DraftElement]
    ) -> (element: DraftElement, holders: [DraftElement])? {
        guard let name = names.first, let holder = holders.last else { return nil }
        for child in holder.children where child.name == name {
            if names.count == 1 { return (child, holders) }
            if let found = find(names.dropFirst(), in: holders + [child]) { return found }
        }
        return nil
    }

    /// The section at `location`, made where it is not written.
    public func sectionMade(_ path: String, at location: String) -> DraftElement {
        if let known = section(path, at: location) { return known }
        let names = path.split(separator: "/").map(String.init)
        // The location that holds others of the group, else one without a mode of its own.
        let known = holders(at: location)
        let group = names[0]
        let holder =
            known.first { $0 === root || ($0["overrideMode"] == nil && $0["allowOverride"] == nil) }
            ?? locationMade(location)
        return names.dropFirst().reduce(holder.childMade(group)) { $0.childMade($1) }
    }

    /// A new location tag.
    func locationMade(_ location: String, overrideMode: OverrideMode? = nil) -> DraftElement {
        var attributes = [(name: "path", value: location)]
        if let overrideMode { attributes.append(("overrideMode", overrideMode.rawValue)) }
        let made = DraftElement("location", attributes: attributes)
        root.append(made)
        return made
    }

    /// Takes a section away, with the location and the groups that hold nothing then.
    public func remove(_ path: String, at location: String) {
        guard let (element, holders) = written(path, at: location) else { return }
        var child = element
        for holder in holders.reversed() {
            holder.remove(child)
            let saysMore = holder["overrideMode"] != nil || holder["allowOverride"] != nil
            // Comments are somebody's words.
            let isEmpty = !holder.hasChildren && holder.origin?.text.contains("<!--") != true
            guard isEmpty, holder !== root, !saysMore else { return }
            child = holder
        }
        root.remove(child)
    }
}
