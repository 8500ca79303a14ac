import AspNetCoreModule
import EventLoop
import Pipeline
import PipelineTesting
import Wire

/// A worker that a test turns itself.
final class TestModuleHost: ModuleHost {
    let loop: EventLoop
    let services: any ModuleServices
    var environment: [(name: String, value: String)] = []
    private(set) var events: [ModuleNotice] = []

    init() throws {
        loop = try EventLoop()
        services = TestServices()
    }

    func tell(_ event: ModuleNotice) { events.append(event) }

    func recycle() {}

    /// Turns the loop until `condition` holds; one that never comes true fails after some thousand turns that each wait a
    /// little.
    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<2000 {
            if condition() { return true }
            loop.turn(maximumWait: 5)
        }
        return condition()
    }
}
