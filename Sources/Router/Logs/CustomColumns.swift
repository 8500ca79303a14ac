internal import HTTP1
internal import Wire

/// The fields of an access log that its administrator added, which stand behind the others (IIS: `customFields`).
struct CustomColumns: Sendable {
    private struct Column: Sendable {
        let source: LogSettings.CustomField.Source
        let name: [UInt8]
    }

    static let none = CustomColumns(LogSettings(directory: "", fields: []))

    private let columns: [Column]
    /// How much of one value is written. Unit: bytes.
    private let limit: Int
    /// Whether some values come from the response's head.
    let showResponse: Bool

    init(_ settings: LogSettings) {
        columns = settings.customFields.map { Column(source: $0.source, name: Array($0.sourceName.utf8)) }
        limit = Int(settings.maximumCustomLength)
        showResponse = columns.contains { $0.source == .responseHeader }
    }

    var isEmpty: Bool { columns.isEmpty }

    /// One value for each column, empty where the entry has none.
    func values(of entry: LogEntry) -> [[UInt8]] {
        var rest = LogSettings.CustomField.maximumTotal
        return columns.map { column in
            var value =
                switch column.source {
                case .requestHeader: Self.header(column.name, of: entry)
                case .responseHeader: Self.header(column.name, in: entry.answer.head)
                case .serverVariable: Self.variable(column.name, in: entry.answer.variables)
                }
            LogSettings.CustomField.cut(&value, to: min(limit, rest))
            rest -= value.count
            return value
        }
    }

    /// The values of all fields of a name are one (RFC 9110, 5.3).
    private static func append(_ value: Span<UInt8>, to values: inout [UInt8]) {
        if !values.isEmpty { values.append(copying: ", ") }
        values.append(copying: value)
    }

    private static func header(_ name: [UInt8], of entry: LogEntry) -> [UInt8] {
        var values: [UInt8] = []
        let head = entry.head.span
        for field in entry.request.fields where head.extracting(field.name).equalsIgnoringCase(name.span) {
            append(head.extracting(field.value), to: &values)
        }
        return values
    }

    /// Of a response's head, whose lines the router has written: `name: value`, CR, LF.
    private static func header(_ name: [UInt8], in head: [UInt8]) -> [UInt8] {
        var values: [UInt8] = []
        let head = head.span
        var start = 0
        var isStatusLine = true
        while let length = head.extracting(droppingFirst: start).lineLength, length > 0 {
            let line = head.extracting(start..<(start + length))
            start += length + 2
            if isStatusLine {
                isStatusLine = false
                continue
            }
            guard line.count > name.count, line[name.count] == UInt8(ascii: ":"),
                line.extracting(first: name.count).equalsIgnoringCase(name.span)
            else { continue }
            var value = line.extracting(droppingFirst: name.count + 1)
            while value.count > 0, value[0] == UInt8(ascii: " ") { value = value.extracting(droppingFirst: 1) }
            append(value, to: &values)
        }
        return values
    }

    private static func variable(_ name: [UInt8], in variables: HeaderBlock?) -> [UInt8] {
        guard let variables else { return [] }
        var position = 0
        while let field = variables.next(&position) {
            if field.name.equalsIgnoringCase(name.span) { return [UInt8](copying: field.value) }
        }
        return []
    }
}

extension Span<UInt8> {
    /// The number of bytes before the first CR and LF; nil where there is none.
    fileprivate var lineLength: Int? {
        var index = 0
        while index + 1 < count {
            if self[index] == 13, self[index + 1] == 10 { return index }
            index += 1
        }
        return nil
    }
}
