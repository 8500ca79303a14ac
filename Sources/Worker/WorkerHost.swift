import AspNetCoreModule
import EventLoop
import Pipeline
import Platform
import Wire

/// The worker as the ASP.NET Core Module sees it.
final class WorkerHost: ModuleHost {
    let loop: EventLoop
    let services: any ModuleServices
    let environment: [(name: String, value: String)]
    private let hear: (ModuleNotice) -> Void
    private let replace: () -> Void

    init(
        _ loop: EventLoop, _ services: any ModuleServices, tell: @escaping (ModuleNotice) -> Void,
        recycle: @escaping () -> Void
    ) {
        self.loop = loop
        self.services = services
        environment = CurrentProcess.environment
        hear = tell
        replace = recycle
    }

    func tell(_ event: ModuleNotice) { hear(event) }

    func recycle() { replace() }
}
