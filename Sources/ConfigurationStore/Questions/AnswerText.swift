internal import Administration
internal import Events
public import SQLite

/// An answer in SQL as text.
public struct AnswerText {
    private let answer: ResultTable

    public init(_ answer: ResultTable) { self.answer = answer }

    /// Columns of one width, numbers to the right. Control characters are shown, not sent.
    public var table: String {
        let lines = [answer.columns] + answer.rows.map { row in row.map { LineText.printable(Self.shown($0)) } }
        let widths = answer.columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let isNumeric = answer.columns.indices.map { column in
            !answer.rows.isEmpty && answer.rows.allSatisfy { $0[column].isNumber }
        }
        return lines.map { line in
            var text = line.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - line[column].count)
                return isNumeric[column] ? blanks + line[column] : line[column] + blanks
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }

    /// RFC 4180; NULL is empty.
    public var csv: String {
        ([answer.columns.map { .text($0) }] + answer.rows).map { row in
            row.map { value in
                guard case .text(let text) = value else { return value.isNull ? "" : Self.shown(value) }
                let isPlain = !text.isEmpty && !text.utf8.contains { ",\"\r\n".utf8.contains($0) }
                return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
            }.joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// `{"columns":[…],"rows":[[…]],"cut":null}`; a blob is the text of its hexadecimal digits.
    public var json: String {
        let cut: String? =
            switch answer.cut {
            case .rows: "rows"
            case .bytes: "bytes"
            case nil: nil
            }
        return JSONValue.object([
            "columns": .array(answer.columns.map { .text($0) }),
            "rows": .array(answer.rows.map { .array($0.map(Self.json)) }), "cut": .optional(cut),
        ]).text()
    }

    private static func json(_ value: SQLValue) -> JSONValue {
        switch value {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): number.isFinite ? .decimal(number) : .text("\(number)")
        case .text(let text): .text(text)
        case .blob: .text(shown(value))
        }
    }

    private static func shown(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .blob(let bytes):
            bytes.reduce(into: "") { text, byte in
                text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
    }
}

extension SQLValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        default: false
        }
    }
}
