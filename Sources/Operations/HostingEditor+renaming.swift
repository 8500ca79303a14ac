/// Other names for sites and pools, and whatever goes by the old ones in the same file.
extension HostingEditor {
    /// Gives a site another name; answers how many locations moved with it.
    public func renameSite(_ name: String, to new: String) throws(OperationError) -> Int {
        try rename(try site(name), .site, to: new)
        return file.moveReferences(ofSite: name, to: new)
    }

    /// Gives a pool another name; answers how many applications, and defaults of applications, name it now.
    public func renamePool(_ name: String, to new: String) throws(OperationError) -> Int {
        try rename(try pool(name), .pool, to: new)
        guard let sites = file.section(HostedObjects.sitesSection, at: "") else { return 0 }
        var count = 0
        for holder in [sites] + sites.children {
            for child in holder.children where ["application", "applicationDefaults"].contains(child.name) {
                guard child["applicationPool"]?.isSame(as: name) == true else { continue }
                child.set("applicationPool", to: new)
                count += 1
            }
        }
        return count
    }

    private func rename(_ element: DraftElement, _ kind: Kind, to new: String) throws(OperationError) {
        try editor(of: element, kind).set(ElementSelector("name"), to: new)
        if let holder = holder(of: kind) { try checkKeys(of: element, in: holder) }
    }
}
