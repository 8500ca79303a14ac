/// Objects of a kind by what relates others to them: an attribute and its value, in any case of letters.
final class RelatedRows {
    private let rows: [Row]
    /// The places of the rows, by the attribute's name and then by its value in lower case.
    private var places: [String: [String: [Int]]] = [:]

    init(_ rows: [Row]) { self.rows = rows }

    func related(to relation: (name: String, value: String)) -> [Row] { numbers(relation).map { rows[$0] } }

    /// The rows, in their order, that one of `relations` leads to.
    func related(toAny relations: [(name: String, value: String)]) -> [Row] {
        var isMeant = Array(repeating: false, count: rows.count)
        for relation in relations {
            for number in numbers(relation) { isMeant[number] = true }
        }
        return rows.indices.filter { isMeant[$0] }.map { rows[$0] }
    }

    private func numbers(_ relation: (name: String, value: String)) -> [Int] {
        if let known = places[relation.name] { return known[relation.value.lowercased()] ?? [] }
        var byValue: [String: [Int]] = [:]
        for (number, row) in rows.enumerated() {
            if let value = row.value(relation.name) { byValue[value.lowercased(), default: []].append(number) }
        }
        places[relation.name] = byValue
        return byValue[relation.value.lowercased()] ?? []
    }
}
