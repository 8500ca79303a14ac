/// How many requests of one application are in work, and whether it was told to have started.
final class ApplicationLoad {
    let name: ApplicationName
    private(set) var inWork = 0
    private(set) var hasStarted = false
    /// Called once, when the last request is through.
    private var whenEmpty: (() -> Void)?

    init(_ name: ApplicationName) { self.name = name }

    func enter() { inWork += 1 }

    @inline(__always) func leave() {
        inWork -= 1
        if inWork == 0, let action = whenEmpty {
            whenEmpty = nil
            action()
        }
    }

    /// Answers whether it has not been started before.
    func start() -> Bool {
        if hasStarted { return false }
        hasStarted = true
        return true
    }

    /// Calls `action` when no request is in work, if it was started.
    func stop(_ action: @escaping () -> Void) {
        guard hasStarted else { return }
        hasStarted = false
        if inWork == 0 { action() } else { whenEmpty = action }
    }
}
