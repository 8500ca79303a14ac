/// The fine-grained locks that an element puts on levels below (reference §2.4).
struct ElementLocks: Sendable {
    enum Names: Sendable {
        case none
        case all
        case these(Set<String>)
        case allExcept(Set<String>)

        func contains(_ name: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .these(let names): names.contains(name)
            case .allExcept(let names): !names.contains(name)
            }
        }

        init(listed: String?, except: String?) {
            let names = listed.map { Set(Self.split($0)) } ?? []
            if names.contains("*") {
                self = .all
            } else if let except {
                self = .allExcept(Set(Self.split(except)).subtracting(names))
            } else {
                self = names.isEmpty ? .none : .these(names)
            }
        }

        static func split(_ list: String) -> [String] {
            list.split(separator: ",").map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
        }
    }

    let attributes: Names
    let elements: Names
    /// The level whose file locks; entries of the same file are not bound.
    let level: Int

    /// Nil where the element locks nothing.
    init?(_ element: DocumentElement, level: Int) {
        guard element.attributes.contains(where: { ReservedAttributes.locks.contains($0.name) }) else { return nil }
        attributes = Names(
            listed: element[ReservedAttributes.lockAttributes],
            except: element[ReservedAttributes.lockAllAttributesExcept])
        elements = Names(
            listed: element[ReservedAttributes.lockElements], except: element[ReservedAttributes.lockAllElementsExcept])
        self.level = level
    }

    /// The first name in a lock list that the schema does not know.
    static func unknownName(in list: String, of lock: String, _ schema: ElementSchema) -> String? {
        guard lock != ReservedAttributes.lockItem else { return nil }
        return Names.split(list).first { name in
            if name == "*" { return false }
            if lock.contains("Attributes") {
                return schema.attribute(name) == nil && !schema.allowsUnrecognizedAttributes
            }
            if schema.element(name) != nil || ["add", "remove", "clear"].contains(name) { return false }
            guard let collection = schema.collection else { return true }
            return collection.item(name) == nil && collection.removeElement != name && collection.clearElement != name
        }
    }
}
