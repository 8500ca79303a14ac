internal import CPlatform
internal import Glibc

/// What this process is and what it was given.
public enum CurrentProcess {
    public static var pid: Int32 { getpid() }

    /// The effective user's number; 0 is root.
    public static var user: UInt32 { geteuid() }

    /// Lets a write to a connection that the other end has closed fail (`EPIPE`) instead of ending the process.
    public static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

    /// The effective group's number.
    public static var group: UInt32 { getegid() }

    /// Keeps others of the same user from looking into this process or tracing it, and its memory out of core files.
    public static func forbidInspection() throws(SystemError) {
        guard hostelry_forbid_inspection() == 0 else { throw SystemError("prctl", "PR_SET_DUMPABLE") }
    }

    /// Descendants whose parents have ended become this process's children (`PR_SET_CHILD_SUBREAPER`).
    public static func adoptDescendants() throws(SystemError) {
        guard hostelry_adopt_descendants() == 0 else { throw SystemError("prctl", "PR_SET_CHILD_SUBREAPER") }
    }

    /// The machine's name.
    public static var hostName: String {
        var names = utsname()
        // Fails only for a bad pointer.
        unsafe uname(&names)
        return unsafe withUnsafeBytes(of: &names.nodename) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// A variable of the environment.
    public static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Every variable of the environment, in its order. Only while no other thread changes one.
    public static var environment: [(name: String, value: String)] {
        var variables: [(name: String, value: String)] = []
        var index = 0
        while let text = unsafe hostelry_variable(index) {
            index += 1
            let parts = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables.append((String(parts[0]), String(parts[1]))) }
        }
        return variables
    }

    /// The folder that relative paths begin at.
    public static func workingFolder() throws(SystemError) -> String {
        guard let path = unsafe getcwd(nil, 0) else { throw SystemError("getcwd") }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Sets the name that tools show for this process, up to 15 bytes: a program that was started by descriptor has none.
    public static func setName(_ name: String) { _ = unsafe name.withCString { unsafe hostelry_set_name($0) } }

    /// The file of the running program.
    public static func executable() throws(SystemError) -> String {
        guard let path = FilePath.resolved("/proc/self/exe") else { throw SystemError("realpath", "/proc/self/exe") }
        return path
    }

    /// How many processors this process may run on.
    public static var usableProcessors: Int { Int(hostelry_usable_processors()) }

    /// How wide the terminal on descriptor 1 is, in columns; nil where there is none.
    public static var terminalWidth: Int? {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
