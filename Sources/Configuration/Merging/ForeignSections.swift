/// Sections that belong to .NET, at one place: never merged or checked, only looked at where this server must know what
/// they say (`OpaqueSections.lookedAt`).
extension PathConfiguration {
    /// The elements of one of them that hold here, outermost first; nil for a section of the server's own.
    ///
    /// What the server's own file says for all sites is not among them, as what the .NET Framework's own files say is not.
    package func foreignElements(of section: String) -> [DocumentElement]? {
        let names = section.split(separator: "/", maxSplits: 1)
        guard names.count == 2, OpaqueSections.lookedAt.contains(String(names[0])) else { return nil }
        return foreign(String(names[0]), String(names[1])).map(\.element)
    }

    private func foreign(_ group: String, _ name: String) -> [(element: DocumentElement, isInherited: Bool)] {
        guard let parent else { return [] }
        var found = parent.foreign(group, name)
        if isApplicationRoot { found.removeAll { !$0.isInherited } }
        for contribution in contributions {
            for occurrence in contribution.file.foreign(group, at: contribution.location) {
                guard let element = occurrence.element.child(name) else { continue }
                found.append((element, occurrence.location.inheritsInChildApplications))
            }
        }
        return found
    }
}

extension ElementIdentity {
    /// Of elements as written.
    package init(_ elements: [DocumentElement]) {
        self.init(layers: elements.map { .init(document: ObjectIdentifier($0.document), index: $0.index) })
    }
}
