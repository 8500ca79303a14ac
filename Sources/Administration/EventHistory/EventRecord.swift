public import Events

/// An event as it was written down.
public struct EventRecord: Equatable, Sendable {
    public let sequence: UInt64
    /// RFC 3339, in UTC.
    public let time: String
    public let event: Event

    /// Of a line; nil for what is none.
    public init?(line: [UInt8]) {
        guard let value = try? JSONReader.read(line), let sequence = value["sequence"]?.number,
            let time = value["time"]?.string, let level = value["level"]?.string.flatMap(EventLevel.init(rawValue:)),
            let id = value["id"]?.number.flatMap({ UInt32(exactly: $0) }), let name = value["event"]?.string,
            let object = value["object"]?.string, let text = value["text"]?.string,
            let fields = value["fields"]?.members
        else { return nil }
        self.sequence = UInt64(clamping: sequence)
        self.time = time
        event = Event(
            .recorded(
                id: id, level: level, name: name,
                source: value["source"]?.string.map { EventSource(recorded: $0) } ?? .server), object, text,
            fields.compactMap { field in
                switch field.value {
                case .integer(let number): Event.Field(field.name, number)
                case .text(let text): Event.Field(field.name, text)
                default: nil
                }
            })
    }

    /// The line in that format, without its end.
    public func line(_ format: EventFormat) -> String {
        format.line(event, time: time, sequence: sequence, isWhole: true)
    }
}
