/// Names an attribute, an element or a collection's item inside a section: `limits.maxBandwidth`,
/// `[name='Blog'].recycling.periodicRestart.schedule.[value='00:00:00']` (reference §7.4).
public struct ElementSelector: Equatable, Sendable {
    public enum Position: Equatable, Sendable {
        case start
        case end
        case index(Int)
    }

    /// Which item: all the keys given must match. A quote within a value is written twice.
    public struct Item: Equatable, Sendable {
        public var position: Position?
        public var keys: [Key]

        public struct Key: Equatable, Sendable {
            public var name: String
            public var value: String

            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        public init(_ keys: [Key], position: Position? = nil) {
            self.keys = keys
            self.position = position
        }
    }

    public enum Step: Equatable, Sendable {
        case name(String)
        case item(Item)
    }

    public var steps: [Step]

    public init(steps: [Step]) { self.steps = steps }

    public init(_ text: some StringProtocol) throws(OperationError) {
        var scanner = SelectorScanner(text: Array(text.unicodeScalars))
        steps = try scanner.steps()
    }

    /// Where a selector ends in a text that goes on, for example at the `:` before a value: behind brackets and quotes.
    public static func end(in text: Substring, at delimiter: Character) -> Substring.Index {
        var isQuoted = false
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "'" where depth > 0: isQuoted.toggle()
            case "[" where !isQuoted: depth += 1
            case "]" where !isQuoted && depth > 0: depth -= 1
            case delimiter where depth == 0 && !isQuoted: return index
            default: break
            }
        }
        return text.endIndex
    }
}

private struct SelectorScanner {
    let text: [Unicode.Scalar]
    private var place = 0

    init(text: [Unicode.Scalar]) { self.text = text }

    private var next: Unicode.Scalar? { place < text.count ? text[place] : nil }

    private var refusal: OperationError {
        .malformedSelector(String(String.UnicodeScalarView(text)))
    }

    mutating func steps() throws(OperationError) -> [ElementSelector.Step] {
        var steps: [ElementSelector.Step] = []
        guard !text.isEmpty, XMLText.holds(String(String.UnicodeScalarView(text))) else { throw refusal }
        while true {
            if next == "[" {
                steps.append(.item(try item()))
            } else {
                let name = word(until: [".", "["])
                guard !name.isEmpty else { throw refusal }
                steps.append(.name(name))
            }
            guard let separator = next else { return steps }
            // A bracket may follow a name at once.
            if separator == "." {
                place += 1
            } else if separator != "[" {
                throw refusal
            }
        }
    }

    private mutating func item() throws(OperationError) -> ElementSelector.Item {
        place += 1
        var item = ElementSelector.Item([])
        while true {
            skipBlanks()
            if next == "@", item.keys.isEmpty, item.position == nil {
                place += 1
                item.position = try position(word(until: [",", "]"]))
            } else {
                let name = word(until: ["=", ",", "]"])
                guard !name.isEmpty, next == "=" else { throw refusal }
                place += 1
                item.keys.append(.init(name, try quoted()))
            }
            skipBlanks()
            guard let separator = next else { throw refusal }
            place += 1
            if separator == "]" { return item }
            guard separator == "," else { throw refusal }
        }
    }

    private func position(_ word: String) throws(OperationError) -> ElementSelector.Position {
        switch word.lowercased() {
        case "start": return .start
        case "end": return .end
        default:
            guard let index = Int(word), index >= 0 else { throw refusal }
            return .index(index)
        }
    }

    private mutating func quoted() throws(OperationError) -> String {
        skipBlanks()
        guard next == "'" else { throw refusal }
        place += 1
        var value = String.UnicodeScalarView()
        while let scalar = next {
            place += 1
            guard scalar == "'" else {
                value.append(scalar)
                continue
            }
            guard next == "'" else { return String(value) }
            value.append(scalar)
            place += 1
        }
        throw refusal
    }

    private mutating func word(until ends: Set<Unicode.Scalar>) -> String {
        let start = place
        while let scalar = next, !ends.contains(scalar) { place += 1 }
        var word = text[start..<place]
        while word.last == " " { word.removeLast() }
        return String(String.UnicodeScalarView(word))
    }

    private mutating func skipBlanks() {
        while next == " " { place += 1 }
    }
}
