internal import Administration
internal import Events

/// Shows the lines of a log.
public struct LogOutput {
    public enum Form: Sendable {
        /// Time, status, milliseconds, method, URL and client.
        case readable
        /// As they stand, with a line `#Fields:` wherever they differ.
        case w3c
        /// A JSON object for each.
        case json
    }

    private let form: Form
    private let isColoured: Bool
    private var columns: LogColumns?

    public init(_ form: Form, isColoured: Bool = false) {
        self.form = form
        self.isColoured = isColoured
    }

    /// Lines with their ends.
    mutating func text(_ record: LogRecord) -> String {
        switch form {
        case .readable: return readable(record) + "\n"
        case .json: return Self.json(record).line + "\n"
        case .w3c:
            let line = LogBytes.printable(record.line.last == 0x0D ? record.line.dropLast() : record.line[...]) + "\n"
            guard let fields = record.columns, fields != columns else { return line }
            columns = fields
            return LogBytes.printable(fields.line.utf8) + "\n" + line
        }
    }

    private func readable(_ record: LogRecord) -> String {
        // What nobody says the meaning of is shown as it is.
        guard record.columns != nil else { return LogBytes.printable(record.line) }
        func field(_ name: String) -> String { record[name].map(LogBytes.printable) ?? "-" }
        let sub = record["sc-substatus"].map { "." + LogBytes.printable($0) } ?? ""
        let status = Self.padded(field("sc-status") + sub, 7)
        let taken = record["time-taken"].map { LogBytes.printable($0) + " ms" } ?? "-"
        let query = record["cs-uri-query"].map { "?" + LogBytes.printable($0) } ?? ""
        let time = "\(Self.padded(field("date"), 10)) \(Self.padded(field("time"), 8))"
        let blanks = String(repeating: " ", count: max(0, 9 - taken.count))
        return "\(time)  \(coloured(status, record.number("sc-status")))  \(blanks)\(taken)  "
            + "\(Self.padded(field("cs-method"), 6))  \(field("cs-uri-stem"))\(query)  \(field("c-ip"))"
    }

    private func coloured(_ text: String, _ status: UInt64?) -> String {
        guard isColoured, let status, status >= 400 else { return text }
        return "\u{1B}[\(status < 500 ? "33" : "31")m\(text)\u{1B}[0m"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static let numbers: Set = [
        "sc-status", "sc-substatus", "sc-win32-status", "sc-bytes", "cs-bytes", "time-taken", "s-port",
    ]

    private static func json(_ record: LogRecord) -> JSONValue {
        guard record.columns != nil else { return .object(["line": .text(LogBytes.printable(record.line))]) }
        return .object(
            record.values.map { name, value in
                if value.elementsEqual([0x2D]) { return JSONValue.Member(name, .null) }
                if numbers.contains(name), let number = Int64(String(decoding: value, as: UTF8.self)) {
                    return JSONValue.Member(name, .integer(number))
                }
                return JSONValue.Member(name, .text(LogBytes.printable(value)))
            })
    }
}
