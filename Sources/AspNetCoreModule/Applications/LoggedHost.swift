import EventLoop
import Pipeline
import Platform
import Wire

/// The worker, with all that is told for the event log in the debug log too.
final class LoggedHost: ModuleHost {
    private let worker: any ModuleHost
    let log: DebugLog

    init(_ worker: any ModuleHost) {
        self.worker = worker
        log = DebugLog(
            environment: worker.environment, version: ProgramVersion.text, services: worker.services
        ) { worker.tell($0) }
    }

    var loop: EventLoop { worker.loop }
    var services: any ModuleServices { worker.services }
    var environment: [(name: String, value: String)] { worker.environment }

    func tell(_ event: ModuleNotice) {
        log.heard(event)
        worker.tell(event)
    }

    func recycle() { worker.recycle() }
}
