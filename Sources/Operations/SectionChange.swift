/// A change of a section as a person types it: `limits.maxBandwidth=65536`, or `+files.[value='home.html']` for one more item.
public enum SectionChange: Equatable, Sendable {
    case set(ElementSelector, value: String)
    case add(ElementSelector)

    public init(_ text: String) throws(OperationError) {
        if text.hasPrefix("+") {
            self = .add(try ElementSelector(text.dropFirst()))
            return
        }
        let end = ElementSelector.end(in: text[...], at: "=")
        guard end < text.endIndex else { throw .missingValue(text) }
        self = .set(try ElementSelector(text[..<end]), value: String(text[text.index(after: end)...]))
    }

    /// Whether it gives the element's own attribute a value.
    public func sets(_ attribute: String) -> Bool {
        guard case .set(let selector, _) = self, selector.steps.count == 1, case .name(let name) = selector.steps[0]
        else {
            return false
        }
        return name.isSame(as: attribute)
    }
}

extension SectionEditor {
    public func apply(_ change: SectionChange) throws(OperationError) {
        switch change {
        case .set(let selector, let value): try set(selector, to: value)
        case .add(let selector): try add(selector)
        }
    }
}
