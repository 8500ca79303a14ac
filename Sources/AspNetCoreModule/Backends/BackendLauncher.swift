public import Programs

/// Says how a process of an application is started. Asked on another thread than the loop's: it may read disks.
public protocol BackendLauncher: Sendable {
    /// What the application's own table of variables says goes before `port` and `token`: the plan tells the port and the
    /// token that hold. A port that is none (letters, too large) is 0 there, and a failure of its own.
    func plan(port: UInt16, socketPath: String?, token: String) throws(LaunchFailure) -> LaunchPlan
}
