internal import Configuration

extension Element {
    /// A `uint`.
    func unsigned(_ attribute: String) -> UInt32 { UInt32(clamping: integer(attribute)) }

    /// A `timeSpan`; `Infinite` is the longest there is.
    func span(_ attribute: String) -> Duration { duration(attribute) ?? .seconds(Int64.max / 4) }
}

/// Settings read once for all elements that the same written elements make: most sites say nothing of their own.
struct SharedReadings<Value> {
    private var known: [ElementIdentity: Value] = [:]

    mutating func value(of element: Element, _ read: (Element) -> Value) -> Value {
        let identity = element.identity
        if let value = known[identity] { return value }
        let value = read(element)
        known[identity] = value
        return value
    }
}
