import Configuration
import Platform
import TestSupport
import Testing

/// What real schema files say of each section against what ours say: every difference stands in a list, with its reason.
@Suite(.enabled(if: Corpus.isHere, "\(Corpus.absence)")) struct SchemaComparisonTests {
    @Test func theRealSchemaFilesLoadUnmodifiedAndDifferFromOursOnlyAsListed() throws {
        let files = try Corpus.names("shared-configuration/schema").map { name in
            (path: name, bytes: try Corpus.bytes("shared-configuration/schema/\(name)"))
        }
        let theirs = try Schema.reading(files)
        let found = Set(SchemaDifference.between(theirs, Schema.builtIn))
        let listed = try Self.listed()
        #expect(found.subtracting(listed).sorted() == [])
        #expect(listed.subtracting(found).sorted() == [])
        #expect(theirs.sections.count > 100)
    }

    private static func listed() throws -> Set<SchemaDifference> {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let text = String(
            decoding: try FileReader().read("/\(folder)/Fixtures/schema-differences.tsv").bytes, as: UTF8.self)
        return Set(
            text.split(separator: "\n").dropFirst().map { row in
                let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                #expect(fields.count == 6 && !fields[5].isEmpty, "a reason is given: \(row)")
                return SchemaDifference(
                    section: fields[0], member: fields[1], property: fields[2], theirs: fields[3], ours: fields[4])
            })
    }
}

/// One property of one member that two schemas tell differently.
struct SchemaDifference: Hashable, Comparable, CustomStringConvertible {
    let section: String
    let member: String
    let property: String
    let theirs: String
    let ours: String

    var description: String { "\(section)\t\(member)\t\(property)\t\(theirs)\t\(ours)" }

    static func < (one: Self, other: Self) -> Bool { one.description < other.description }

    static func between(_ theirs: Schema, _ ours: Schema) -> [SchemaDifference] {
        var rows: [SchemaDifference] = []
        for name in Set(theirs.sections.keys).union(ours.sections.keys) {
            guard let one = theirs.section(name), let other = ours.section(name) else {
                rows.append(
                    SchemaDifference(
                        section: name, member: "-", property: "section",
                        theirs: theirs.section(name) == nil ? "absent" : "present",
                        ours: ours.section(name) == nil ? "absent" : "present"))
                continue
            }
            let (left, right) = (members(one), members(other))
            for member in Set(left.keys).union(right.keys) {
                let (a, b) = (left[member], right[member])
                guard let a, let b else {
                    let parentIsHere = parent(member).map { left[$0] != nil && right[$0] != nil } ?? true
                    guard parentIsHere else { continue }
                    rows.append(
                        SchemaDifference(
                            section: name, member: member, property: "present", theirs: a == nil ? "absent" : "present",
                            ours: b == nil ? "absent" : "present"))
                    continue
                }
                for property in Set(a.keys).union(b.keys) where a[property] != b[property] {
                    rows.append(
                        SchemaDifference(
                            section: name, member: member, property: property, theirs: a[property] ?? "",
                            ours: b[property] ?? ""))
                }
            }
        }
        return rows
    }

    private static func parent(_ member: String) -> String? {
        member.lastIndex(of: "/").map { String(member[..<$0]) }
    }

    /// Every attribute, element and collection below `element`, with its properties.
    private static func members(_ element: ElementSchema, prefix: String = "") -> [String: [String: String]] {
        var members: [String: [String: String]] = [:]
        for attribute in element.attributes { members["\(prefix)@\(attribute.name)"] = properties(attribute) }
        for child in element.elements {
            members[prefix + child.name] = ["allowUnrecognized": "\(child.allowsUnrecognizedAttributes)"]
            members.merge(self.members(child, prefix: "\(prefix)\(child.name)/")) { _, new in new }
        }
        if let collection = element.collection {
            members["\(prefix)collection"] = [
                "removeElement": collection.removeElement ?? "", "clearElement": collection.clearElement ?? "",
                "defaultElement": collection.defaultElement ?? "", "mergeAppend": "\(collection.mergeAppend)",
                "allowDuplicates": "\(collection.allowsDuplicates)",
            ]
            for item in collection.items {
                members[prefix + item.name] = ["allowUnrecognized": "\(item.allowsUnrecognizedAttributes)"]
                members.merge(self.members(item, prefix: "\(prefix)\(item.name)/")) { _, new in new }
            }
        }
        return members
    }

    private static func properties(_ attribute: AttributeSchema) -> [String: String] {
        [
            "type": attribute.type.rawValue, "default": attribute.text(of: attribute.defaultValue),
            "required": "\(attribute.isRequired)", "uniqueKey": "\(attribute.isUniqueKey)",
            "combinedKey": "\(attribute.isCombinedKey)", "caseSensitive": "\(attribute.isCaseSensitive)",
            "encrypted": "\(attribute.isEncrypted)", "expanded": "\(attribute.isExpanded)",
            "allowInfinite": "\(attribute.allowsInfinite)", "timeSpanFormat": attribute.timeSpanFormat.rawValue,
            "validation": attribute.validator.map { "\($0)" } ?? "",
            "enum": attribute.members.map { "\($0.name)=\($0.value)" }.joined(separator: "|"),
        ]
    }
}
