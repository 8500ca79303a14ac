internal import CPlatform
internal import Glibc

/// A control group: a folder whose files are settings, made by making the folder.
public struct ControlGroupFolder: Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public subscript(name: String) -> ControlGroupFolder { ControlGroupFolder("\(path)/\(name)") }

    /// Makes the group; false where it is there already.
    public func make() throws(SystemError) -> Bool {
        if unsafe mkdir(path, 0o755) == 0 { return true }
        guard errno == EEXIST else { throw SystemError("mkdir", path) }
        return false
    }

    /// Removes the group; false where processes or other groups are in it, or the system does not let it go.
    public func remove() -> Bool { unsafe rmdir(path) == 0 || errno == ENOENT }

    public func write(_ text: String, to file: String) throws(SystemError) {
        let descriptor = try open(file)
        let count = unsafe text.withCString { unsafe Glibc.write(descriptor.number, $0, strlen($0)) }
        guard count == text.utf8.count else { throw SystemError("write", "\(path)/\(file)") }
    }

    /// A setting, open for writing.
    public func open(_ file: String) throws(SystemError) -> FileDescriptor {
        // Only a tree for tests has files to make: the system's are all there.
        try FileDescriptor.open("\(path)/\(file)", O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o644)
    }

    /// The words of a setting; nil where there is none.
    public func words(of file: String) -> [String]? {
        KernelText.text("\(path)/\(file)").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    }

    /// The groups in this one.
    public var groups: [ControlGroupFolder] { ((try? Folder.subfolders(of: path)) ?? []).map { self[$0] } }

    /// Ends every process in the group and in those below it. Whoever is started meanwhile ends too.
    public func kill() {
        do throws(SystemError) {
            // Not made where the kernel (before 5.14) has none.
            let file = try FileDescriptor.open("\(path)/cgroup.kill", O_WRONLY | O_NOFOLLOW)
            if unsafe Glibc.write(file.number, "1", 1) == 1 { return }
        } catch {}
        for group in groups { group.kill() }
        // Each round ends those that the round before started.
        for _ in 0..<16 {
            let processes = (words(of: "cgroup.procs") ?? []).compactMap { Int32($0) }
            if processes.isEmpty { return }
            for process in processes { _ = Glibc.kill(process, SIGKILL) }
        }
    }
}
