import Platform

/// The control groups that a new process begins in.
struct CGroupMembership {
    /// Open `cgroup.procs` files.
    private var files: [OpenFile] = []
    /// The group of that process alone; nil where there is none.
    private(set) var folder: ControlGroupFolder?

    private final class OpenFile {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    mutating func add(_ file: consuming FileDescriptor, _ folder: ControlGroupFolder?) {
        files.append(OpenFile(file))
        if let folder { self.folder = folder }
    }

    /// Good as long as this value lives.
    var descriptors: [Int32] { files.map { $0.descriptor.number } }
}
