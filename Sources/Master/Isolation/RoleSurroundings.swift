import Platform

/// What a new process of a role begins with: who it is, where it is, what it may.
struct RoleSurroundings {
    /// Nil: the master's own.
    var identity: ProcessSpecification.Identity?
    /// On top of what every role gets.
    var environment: [(name: String, value: String)] = []
    var directory = "/"
    var limits: [ProcessSpecification.Limit] = []
    /// A bit for each processor; 0 for all.
    var processors: UInt64 = 0
    /// The permissions that its files do not get.
    var fileMask: UInt32?
    var adoptsDescendants = false
    var membership = CGroupMembership()
}
