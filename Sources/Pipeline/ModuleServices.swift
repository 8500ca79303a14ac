/// What modules have of the worker they run in. Used on its event loop's thread only.
public protocol ModuleServices: AnyObject {
    /// A clock that never goes back. Unit: milliseconds.
    var now: UInt64 { get }
    /// Does `work`, which may wait for a disk or compute for long, on another thread, and then calls `completion` on the
    /// loop's thread. A module that waits for it answers `pending` and resumes the request in `completion`.
    func perform<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void)
    /// Calls `action` once, on the loop's thread.
    func after(milliseconds: UInt64, _ action: @escaping () -> Void)
    /// Tells the administrator one line: the worker makes it an event.
    func report(_ text: String)
}
