import Configuration

/// Variables in the order they came, by names whose letters' case does not matter, as on Windows.
struct VariableTable: Equatable {
    private(set) var variables: [EnvironmentVariable] = []
    private var places: [String: Int] = [:]

    subscript(name: String) -> String? { places[name.lowercased()].map { variables[$0].value } }

    /// In an earlier one's place, under this spelling.
    mutating func set(_ name: String, _ value: String) {
        let variable = EnvironmentVariable(name: name, value: value)
        if let place = places[name.lowercased()] {
            variables[place] = variable
        } else {
            places[name.lowercased()] = variables.count
            variables.append(variable)
        }
    }

    mutating func remove(_ name: String) {
        guard let place = places.removeValue(forKey: name.lowercased()) else { return }
        variables.remove(at: place)
        for (other, index) in places where index > place { places[other] = index - 1 }
    }

    /// Whether the variable is there and says something.
    func has(_ name: String) -> Bool { !(self[name] ?? "").isEmpty }

    /// `base` with the values of this table: where a name is there in another case of letters too, both get the value, for
    /// Linux programs look for one spelling.
    func applied(to base: [EnvironmentVariable]) -> [EnvironmentVariable] {
        let spellings = Set(base.map(\.name))
        return base.map { EnvironmentVariable(name: $0.name, value: value(for: $0.name, spellings) ?? $0.value) }
            + variables.filter { !spellings.contains($0.name) }
    }

    /// Of two spellings in the base, as `http_proxy` and `HTTP_PROXY` often are, the one that is meant.
    private func value(for name: String, _ spellings: Set<String>) -> String? {
        guard let place = places[name.lowercased()] else { return nil }
        let variable = variables[place]
        return variable.name == name || !spellings.contains(variable.name) ? variable.value : nil
    }
}
