/// What names a site, or a place in it: locations, and in administration.config the scopes of `authorizationRules` besides.
extension DraftFile {
    /// Has all of a site's name it by another name; answers how many there are.
    public func moveReferences(ofSite name: String, to new: String) -> Int {
        let references = references(to: name)
        for reference in references {
            let path = reference.element["path"] ?? ""
            let start = reference.isScope && path.hasPrefix("/") ? "/" : ""
            let rest = path.dropFirst(start.count)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            reference.element.set("path", to: start + new + rest[end...])
        }
        return references.count
    }

    /// Takes away what names the place, so that another one of the name does not find it; answers how many there were.
    ///
    /// - Parameter place: `Site` or `Site/path`.
    public func removeReferences(to place: String) -> Int {
        let references = references(to: place)
        for reference in references { reference.parent.remove(reference.element) }
        return references.count
    }

    private struct Reference {
        let element: DraftElement
        let parent: DraftElement
        let isScope: Bool
    }

    private func references(to place: String) -> [Reference] {
        let wanted = place.lowercased()
        func names(_ path: String) -> Bool {
            let path = path.lowercased()
            return path == wanted || path.hasPrefix("\(wanted)/")
        }
        let locations = root.children.filter { $0.name == "location" }
        var found = locations.filter { names($0["path"] ?? "") }.map {
            Reference(element: $0, parent: root, isScope: false)
        }
        for level in [root] + locations {
            var rules = [level]
            for name in ["system.webServer", "management", "authorization", "authorizationRules"] {
                rules = rules.flatMap { $0.children.filter { $0.name == name } }
            }
            for each in rules {
                found += each.children.filter { scope in
                    guard scope.name == "scope", let path = scope["path"] else { return false }
                    return names(path.hasPrefix("/") ? String(path.dropFirst()) : path)
                }.map { Reference(element: $0, parent: each, isScope: true) }
            }
        }
        return found
    }
}
