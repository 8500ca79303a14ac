import AspNetCoreModule
import EventLoop
import Pipeline
import Platform

/// The worker as the ASP.NET Core Module sees it.
final class WorkerHost: ModuleHost {
    let loop: EventLoop
    let services: any ModuleServices
    let environment: [(name: String, value: String)]
    private let hear: (ModuleEvent) -> Void

    init(_ loop: EventLoop, _ services: any ModuleServices, tell: @escaping (ModuleEvent) -> Void) {
        self.loop = loop
        self.services = services
        environment = CurrentProcess.environment
        hear = tell
    }

    func tell(_ event: ModuleEvent) { hear(event) }
}
