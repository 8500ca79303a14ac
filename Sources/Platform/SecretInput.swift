internal import Glibc

/// Reading what nobody may look at: from a descriptor that was passed on, or from the terminal without showing it.
public enum SecretInput {
    /// The first line of what the descriptor gives, without its end; it is read up to there and not closed.
    ///
    /// - Parameter limit: what is longer is cut behind one byte more. Unit: bytes.
    public static func line(ofDescriptor number: Int32, limit: Int) throws(SystemError) -> [UInt8] {
        var line: [UInt8] = []
        while line.count <= limit, let byte = try byte(number), byte != UInt8(ascii: "\n") { line.append(byte) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    /// Asks at the process's terminal. Nil where it has none, or where the asked one gives up (Ctrl-C, Ctrl-D).
    public static func ask(_ question: String, limit: Int) -> [UInt8]? {
        guard let terminal = try? FileDescriptor.open("/dev/tty", O_RDWR | O_NOCTTY) else { return nil }
        var usual = termios()
        guard unsafe tcgetattr(terminal.number, &usual) == 0 else { return nil }
        var silent = usual
        // Keys that would end the process arrive as bytes: the terminal is never left silent.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard unsafe tcsetattr(terminal.number, TCSAFLUSH, &silent) == 0 else { return nil }
        say(question, terminal.number)
        defer {
            unsafe tcsetattr(terminal.number, TCSAFLUSH, &usual)
            say("\n", terminal.number)
        }
        var line: [UInt8] = []
        while line.count <= limit, let byte = try? byte(terminal.number) {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return line
            case 3, 4: return nil
            case 8, 127:
                // A whole character of UTF-8.
                while let last = line.popLast(), last & 0xC0 == 0x80 {}
            case 21: line.removeAll()
            default: line.append(byte)
            }
        }
        return nil
    }

    /// Nil at the end.
    private static func byte(_ number: Int32) throws(SystemError) -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(number, &byte, 1)
            if count >= 0 { return count == 1 ? byte : nil }
            guard errno == EINTR else { throw SystemError("read", "descriptor \(number)") }
        }
    }

    private static func say(_ text: String, _ number: Int32) {
        let bytes = Array(text.utf8)
        // A terminal that takes nothing shows no question; the answer is read all the same.
        _ = unsafe write(number, bytes, bytes.count)
    }
}
