import Events
public import HostModel

/// What is wrong with a configuration, told to people, to editors and to programs.
public struct ProblemList: Sendable {
    public let problems: [Problem]

    public init(_ problems: [Problem]) { self.problems = problems }

    public var errorCount: Int { problems.count { $0.severity == .error } }

    /// 1 where there is an error, 0 where there are only warnings or nothing.
    public var exitStatus: Int32 { errorCount > 0 ? 1 : 0 }

    /// A line for each, as compilers write them: `web.config:12: error: text`.
    public var text: String {
        problems.map { problem in
            let line = problem.line.number > 0 ? ":\(problem.line.number)" : ""
            let object = problem.object.isEmpty ? "" : "\(LineText.printable(problem.object)): "
            return LineText.printable(problem.file) + line
                + ": \(problem.severity.rawValue): \(object)\(LineText.printable(problem.message))\n"
        }.joined()
    }

    /// One JSON object: `errors` and `warnings` are counts, `problems` an array of `file`, `line` (null where none is
    /// known), `severity`, `object` (empty for the server) and `message`.
    public var json: String {
        let rows = problems.map { problem in
            [
                "\"file\": \(LineText.quoted(problem.file))",
                "\"line\": \(problem.line.number > 0 ? String(problem.line.number) : "null")",
                "\"severity\": \"\(problem.severity.rawValue)\"", "\"object\": \(LineText.quoted(problem.object))",
                "\"message\": \(LineText.quoted(problem.message))",
            ].joined(separator: ", ")
        }
        let list = rows.isEmpty ? "[]" : "[\n" + rows.map { "    {\($0)}" }.joined(separator: ",\n") + "\n  ]"
        return """
            {
              "errors": \(errorCount),
              "warnings": \(problems.count - errorCount),
              "problems": \(list)
            }

            """
    }
}

extension Problem {
    /// As in `ProblemList.json`.
    public var json: JSONValue {
        .object([
            "file": .text(file), "line": .optional(line.number > 0 ? line.number : nil),
            "severity": .text(severity.rawValue), "object": .text(object), "message": .text(message),
        ])
    }

    /// Nil for what is none.
    public init?(_ value: JSONValue) {
        guard let file = value["file"]?.string, let message = value["message"]?.string,
            let severity = value["severity"]?.string.flatMap(Severity.init(rawValue:))
        else { return nil }
        self.init(
            severity, file: file, line: Int(value["line"]?.number ?? 0), object: value["object"]?.string ?? "", message)
    }
}
