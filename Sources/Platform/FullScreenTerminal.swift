internal import Glibc

/// The terminal on descriptors 0 and 1 while a program draws its whole screen: keys come one by one and unseen, the screen
/// is another one than the shell's, and lines that are too long are cut.
///
/// Ends with `restore`, or with the object. Ctrl-C comes as a key (3); make a `SignalDescriptor` of the other signals that
/// end a process, so that none ends it in between.
public final class FullScreenTerminal {
    private let usual: termios
    private var isRestored = false

    /// Nil where one of the descriptors is no terminal.
    public init?() {
        var usual = termios()
        guard isatty(1) == 1, unsafe tcgetattr(0, &usual) == 0 else { return nil }
        self.usual = usual
        var raw = usual
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        guard unsafe tcsetattr(0, TCSAFLUSH, &raw) == 0 else { return nil }
        // Another screen, no cursor, no line that goes on below.
        StandardError.write(Array("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l".utf8), to: 1)
    }

    /// The shell's screen and settings.
    public func restore() {
        guard !isRestored else { return }
        isRestored = true
        StandardError.write(Array("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l".utf8), to: 1)
        var settings = usual
        unsafe tcsetattr(0, TCSAFLUSH, &settings)
    }

    deinit { restore() }

    /// 80 columns and 24 rows where the terminal does not say.
    public var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    public func show(_ bytes: [UInt8]) { StandardError.write(bytes, to: 1) }

    /// What was typed, as the terminal sends it; nil where the terminal is gone.
    public func keys() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            // The array has as many bytes as it says.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
            if count > 0 { return Array(bytes[..<count]) }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    /// Waits at most `timeout` milliseconds (-1: for ever) for something to read; answers of each descriptor whether
    /// there is something.
    public func wait(for others: [Int32], timeout: Int32) -> (keys: Bool, others: [Bool]) {
        var descriptors = ([0] + others).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), timeout)
        return (descriptors[0].revents != 0, descriptors.dropFirst().map { $0.revents != 0 })
    }
}
