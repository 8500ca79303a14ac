/// How an event becomes a line.
public enum EventFormat: String, CaseIterable, Sendable {
    /// `2026-11-21T12:00:00.000Z error 5011 Pool "shop": The worker crashed. pid=4711 signal="SIGSEGV"`
    case text
    /// One JSON object a line: `time`, `level`, `id`, `event`, `object`, `text`, `fields`; `sequence` first where events
    /// are numbered; `source` before `object` where the number is another's than the server's.
    case json

    /// The line without its end. `time` is what stands in front: nil where the reader adds the time itself.
    /// `sequence` is for programs: text does not show it. `isWhole`: whoever reads takes lines of 256 KB, and what a
    /// program printed is not cut at `LineText.limit`; text always is.
    public func line(_ event: Event, time: String?, sequence: UInt64? = nil, isWhole: Bool = false) -> String {
        switch self {
        case .text: Self.text(event, time: time)
        case .json: Self.json(event, time: time, sequence: sequence, isWhole: isWhole)
        }
    }

    private static func text(_ event: Event, time: String?) -> String {
        var line = time.map { "\($0) " } ?? ""
        line += "\(event.kind.level.rawValue) \(event.kind.id) "
        if !event.object.isEmpty { line += "\(LineText.printable(event.object)): " }
        line += LineText.printable(event.text)
        for field in event.fields {
            switch field.value {
            case .number(let number): line += " \(field.name)=\(number)"
            case .text(let text): line += " \(field.name)=\(LineText.quoted(text))"
            }
        }
        if event.kind.source != .server { line += " source=\(LineText.quoted(event.kind.source.name))" }
        return line
    }

    private static func json(_ event: Event, time: String?, sequence: UInt64?, isWhole: Bool) -> String {
        var line = "{"
        if let sequence { line += "\"sequence\":\(sequence)," }
        if let time { line += "\"time\":\(LineText.quoted(time))," }
        line += "\"level\":\"\(event.kind.level.rawValue)\",\"id\":\(event.kind.id),\"event\":\"\(event.kind.name)\","
        let isOurs = event.kind.source == .server
        if !isOurs { line += "\"source\":\(LineText.quoted(event.kind.source.name))," }
        let text = LineText.quoted(event.text, limit: isWhole && !isOurs ? LineText.outputLimit : LineText.limit)
        line += "\"object\":\(LineText.quoted(event.object)),\"text\":\(text),\"fields\":{"
        line += event.fields.map { field in
            switch field.value {
            case .number(let number): "\"\(field.name)\":\(number)"
            case .text(let text): "\"\(field.name)\":\(LineText.quoted(text))"
            }
        }.joined(separator: ",")
        return line + "}}"
    }
}
