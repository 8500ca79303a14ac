internal import CPlatform
internal import Glibc

/// Work in a process of its own, for a command that may look at a share which hangs.
///
/// A process ends with its last thread, and one that waits for a file system which does not answer cannot always be killed
/// (a second look at a name that somebody is looking for already waits uninterruptibly). Whoever waits for the command
/// would wait for the share.
public enum SeparateProcess {
    /// Does `body` in a new process and ends this one as it ends: with the status that it returns, or by the signal that
    /// ended it. Ctrl-C reaches both, as one group of the terminal's. Where no process can be had it is done here.
    ///
    /// Only while no other thread runs.
    public static func run(_ body: () -> Int32) -> Never {
        let report = hostelry_begin_separate()
        let status = body()
        // What was printed is in the buffer until then.
        fflush(nil)
        guard report >= 0 else { _exit(status) }
        hostelry_end_separate(report, status)
    }
}
