internal import Glibc

/// A person's editor, at the terminal that this process has.
public enum TextEditor {
    /// Opens `path` and waits until the editor ends; answers its exit status, 128 and the signal's number where one ended it.
    /// Signals of the terminal are the editor's meanwhile.
    ///
    /// - Parameter command: as the shell reads it, for example `emacs -nw`.
    public static func edit(_ path: String, with command: String) throws(SystemError) -> Int32 {
        let status = unsafe system("\(command) \(ShellWord.quoted(path))")
        guard status != -1 else { throw SystemError("system", command) }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
