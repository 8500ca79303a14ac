internal import Glibc

/// Processes that a process left behind, where no control group holds them together.
public enum Descendants {
    /// Ends every process of the session that `leader` began, and the children that became this process's when theirs
    /// ended, those in `kept` aside. For a leader that has ended itself.
    ///
    /// Repeated, because a process may start another before it ends.
    public static func end(ofSession leader: Int32, except kept: Set<Int32>) {
        for _ in 0..<8 {
            var hasFound = false
            for name in (try? Folder.names(in: "/proc")) ?? [] {
                guard let pid = Int32(name), pid != getpid(), !kept.contains(pid), let status = ProcessStatus.of(pid)
                else { continue }
                let isOrphan = status.parent == getpid()
                guard status.session == leader || isOrphan else { continue }
                if isOrphan, status.isZombie {
                    _ = waitpid(pid, nil, WNOHANG)
                } else if !status.isZombie {
                    hasFound = true
                    _ = kill(pid, SIGKILL)
                }
            }
            if !hasFound { return }
        }
    }
}
