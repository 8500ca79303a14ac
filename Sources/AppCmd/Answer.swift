internal import Events

/// What appcmd says, and the code it ends with.
public struct Answer: Equatable, Sendable {
    /// Without their ends.
    public var lines: [String] = []
    /// A Win32 error, or 0.
    public var code: UInt32 = 0
    /// Help's lines end in two carriage returns on IIS.
    public var isHelp = false

    public init(_ lines: [String] = [], code: UInt32 = 0, isHelp: Bool = false) {
        self.lines = lines
        self.code = code
        self.isHelp = isHelp
    }

    init(_ failure: Failure, debug: Bool) {
        lines = failure.lines + (debug ? [Self.debugLine(failure.code)] : [])
        code = failure.code
        isHelp = failure.isHelp
    }

    /// What `/debug` adds: a process returns eight bits only.
    static func debugLine(_ code: UInt32) -> String {
        "Exit code: \(code) (0x\(String(code, radix: 16)))"
    }

    /// What a process can return of the code: its low byte, and 255 where that would be 0.
    public var exitStatus: Int32 {
        let byte = Int32(code & 0xFF)
        return byte == 0 && code != 0 ? 255 : byte
    }

    /// - Parameter isWindows: lines end as on IIS.
    public func text(isWindows: Bool = false) -> String {
        let end = isWindows ? isHelp ? "\r\r\n" : "\r\n" : "\n"
        return lines.map { $0 + end }.joined()
    }
}

/// Text that steers no terminal, however long.
func printable(_ text: String) -> String { LineText.printable(text, limit: .max) }

/// The same within quotation marks: those of the text are preceded by a backslash.
func quoted(_ name: String) -> String {
    let text = printable(name)
    return "\"\(text.utf8.contains(UInt8(ascii: "\"")) ? text.replacing("\"", with: "\\\"") : text)\""
}
