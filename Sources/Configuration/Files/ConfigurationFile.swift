/// The structure of one configuration file: what it declares, which sections it writes and where.
///
/// Problems of structure (an unknown section, a section twice) are collected, not thrown, so that all can be told; what
/// a section says inside is `SectionChecker`'s matter and checked where the section is used.
public struct ConfigurationFile: Sendable {
    public let document: Document
    /// Whether the file has a `configSections` of its own.
    public let declaresSections: Bool
    /// What this file and those above it declare.
    public let declarations: SectionDeclarations
    public private(set) var problems: [ConfigurationError] = []
    /// In the file's order.
    public private(set) var occurrences: [SectionOccurrence] = []
    /// Groups of .NET's sections that somebody may ask for, in the file's order.
    private var foreign: [SectionOccurrence] = []
    /// Location tags in the file's order, also those without sections.
    public private(set) var locations: [Location] = []
    private var indices: [SectionPlace: Int] = [:]
    /// The numbers of the occurrences in each location, by its key.
    private var located: [String: [Int]] = [:]
    /// The keys of `located` in order.
    private var locationKeys: [String] = []

    /// `inherited` is what the files above declare.
    public init(_ document: Document, inheriting inherited: SectionDeclarations, schema: Schema) {
        self.document = document
        var declarations = inherited
        let root = document.root
        var children = Array(root.children)
        var found: [ConfigurationError] = []
        if root.name != "configuration" { found.append(.at(root, "Unrecognized element '\(root.name)'")) }
        declaresSections = children.first?.name == "configSections"
        if declaresSections { declarations.add(children.removeFirst(), problems: &found) }
        self.declarations = declarations
        problems = found
        guard root.name == "configuration" else { return }
        for child in children {
            if child.name == "configSections" {
                problems.append(
                    .at(
                        child,
                        "Only one <configSections> element allowed.  It must be the first child element of the root "
                            + "<configuration> element"))
            } else if child.name == "location" {
                guard let location = Location(child, problems: &problems) else { continue }
                locations.append(location)
                for inner in child.children { find(inner, path: inner.name, location: location, schema: schema) }
            } else {
                find(child, path: child.name, location: .own, schema: schema)
            }
        }
        locationKeys = located.keys.sorted()
    }

    /// The section written exactly at `location` (a location's key).
    func occurrence(of section: String, at location: String) -> SectionOccurrence? {
        indices[SectionPlace(section: section, location: location)].map { occurrences[$0] }
    }

    /// The sections written exactly at `location`, in the file's order.
    func occurrences(at location: String) -> [SectionOccurrence] {
        (located[location] ?? []).map { occurrences[$0] }
    }

    /// The elements of a .NET section group written exactly at `location`, in the file's order.
    func foreign(_ group: String, at location: String) -> [SectionOccurrence] {
        foreign.filter { $0.section == group && $0.location.key == location }
    }

    /// Whether a section is written exactly at `location`.
    func hasOccurrences(at location: String) -> Bool { located[location] != nil }

    /// Whether a section is written at a location below `location`.
    func hasOccurrences(below location: String) -> Bool {
        let prefix = location + "/"
        var low = 0
        var high = locationKeys.count
        while low < high {
            let middle = (low + high) / 2
            if locationKeys[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return low < locationKeys.count && locationKeys[low].hasPrefix(prefix)
    }

    private mutating func find(_ element: DocumentElement, path: String, location: Location, schema: Schema) {
        if let declaration = declarations.sections[path] {
            if location.path != nil, !declaration.allowsLocation {
                problems.append(.at(element, "The section '\(path)' is not allowed inside a location tag"))
            }
            add(SectionOccurrence(section: path, location: location, element: element))
        } else if declarations.isGroup(path) {
            for child in element.children {
                find(child, path: "\(path)/\(child.name)", location: location, schema: schema)
            }
        } else if OpaqueSections.names.contains(path) {
            guard OpaqueSections.lookedAt.contains(path) else { return }
            foreign.append(SectionOccurrence(section: path, location: location, element: element))
            // The place is one that the file says something for.
            located[location.key, default: []] += []
        } else if schema.section(path) != nil || !path.contains("/") {
            problems.append(
                .at(
                    element,
                    "The configuration section '\(path)' cannot be read because it is missing a section declaration"))
        } else {
            problems.append(.at(element, "Unrecognized element '\(element.name)'"))
        }
    }

    private mutating func add(_ occurrence: SectionOccurrence) {
        let place = SectionPlace(section: occurrence.section, location: occurrence.location.key)
        if indices[place] != nil {
            problems.append(
                .at(
                    occurrence.element, "There is a duplicate '\(occurrence.section)' section defined", code: .duplicate
                ))
            return
        }
        indices[place] = occurrences.count
        located[place.location, default: []].append(occurrences.count)
        occurrences.append(occurrence)
    }
}

private struct SectionPlace: Hashable {
    let section: String
    let location: String
}
