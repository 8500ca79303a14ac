internal import Operations

/// A command line taken apart (reference §7.1): `VERB OBJECT [IDENTIFIER] [/name[:value]]…`, with `-` or `/` before names.
struct ArgumentLine: Equatable {
    enum TextMode: Equatable {
        /// `/text`
        case lines
        /// `/text:*`
        case all
        /// `/text:NAME`
        case attribute(String)
    }

    enum ConfigurationMode: Equatable {
        /// `/config`
        case written
        /// `/config:*`
        case all
    }

    /// A parameter that is no general one: a filter of `list`, a value of `set` and `add`.
    struct Property: Equatable {
        enum Sign: Equatable {
            case none
            /// `/+name`
            case add
            /// `/-name`
            case remove
        }

        var sign: Sign = .none
        /// As typed, without prefix and sign.
        var name: String
        /// Nil without a colon.
        var value: String?
    }

    /// As typed; nil where they are missing.
    var verb: String?
    var object: String?
    var identifier: String?
    var wantsHelp = false
    var text: TextMode?
    var xml = false
    var input = false
    var config: ConfigurationMode?
    var metadata = false
    var commit: String?
    var configuration: String?
    var state: String?
    var debug = false
    var properties: [Property] = []

    init(_ words: [String]) throws(Failure) {
        var rest = words[...]
        var names: [String] = []
        while names.count < 3, let word = rest.first, !Self.isParameter(word) {
            names.append(word)
            rest.removeFirst()
        }
        verb = names.first
        object = names.count > 1 ? names[1] : nil
        identifier = names.count > 2 ? names[2] : nil
        for word in rest { try read(word) }
    }

    private static func isParameter(_ word: String) -> Bool { word.hasPrefix("/") || word.hasPrefix("-") }

    private mutating func read(_ word: String) throws(Failure) {
        guard Self.isParameter(word) else { throw .noPrefix(word) }
        var rest = word.dropFirst()
        if rest.isEmpty {
            // A lone `-`.
            guard word == "-" else { throw .noPrefix(word) }
            input = true
            return
        }
        let isEscaped = rest.first == "!"
        if isEscaped { rest.removeFirst() }
        var sign = Property.Sign.none
        if rest.first == "+" || rest.first == "-" {
            sign = rest.first == "+" ? .add : .remove
            rest.removeFirst()
        }
        let end = ElementSelector.end(in: rest, at: ":")
        let name = String(rest[..<end])
        let value = end < rest.endIndex ? String(rest[rest.index(after: end)...]) : nil
        guard !name.isEmpty else { throw .noPrefix(word) }
        if !isEscaped, sign == .none, try readGeneral(name, value) { return }
        // `/-?` is IIS's way to ask for an object's attributes.
        if name == "?" {
            wantsHelp = true
            return
        }
        properties.append(Property(sign: sign, name: name, value: value))
    }

    /// Whether it is a general parameter.
    private mutating func readGeneral(_ name: String, _ value: String?) throws(Failure) -> Bool {
        switch name.lowercased() {
        case "?", "help": wantsHelp = true
        case "text":
            switch value ?? "" {
            case "": text = .lines
            case "*": text = .all
            case let name: text = .attribute(name)
            }
        case "xml": xml = true
        case "in": input = true
        case "config":
            guard value == nil || value == "" || value == "*" else { throw .badOption(name, value ?? "") }
            config = value == "*" ? .all : .written
        case "metadata": metadata = true
        case "commit": commit = value ?? ""
        case "apphostconfig": configuration = value ?? ""
        case "debug": debug = true
        // A folder, where a filter for a state would have none.
        case "state" where value?.contains("/") == true: state = value
        default: return false
        }
        return true
    }

    /// The value of the property of that name, in any case of letters; nil where it is not given or has none.
    subscript(_ name: String) -> String? {
        properties.first { $0.sign == .none && $0.name.isSame(as: name) }?.value
    }

    func has(_ name: String) -> Bool { properties.contains { $0.sign == .none && $0.name.isSame(as: name) } }

    /// The properties that are none of `names`.
    func properties(except names: [String]) -> [Property] {
        properties.filter { property in !names.contains { $0.isSame(as: property.name) } }
    }

    /// A property that is `true` or `false`.
    func flag(_ name: String, default usual: Bool) throws(Failure) -> Bool {
        guard has(name) else { return usual }
        switch self[name]?.lowercased() {
        case "true", nil: return true
        case "false": return false
        case let value?: throw .badOption(name, value)
        }
    }
}
