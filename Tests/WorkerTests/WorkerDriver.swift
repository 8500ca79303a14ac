import Control
import EventLoop
import PipelineTesting
import Platform
import Wire
import Worker

/// A worker with the test as its master, all on one loop that turns when the test says so.
final class WorkerDriver: ControlHandler {
    let loop: EventLoop
    let folder: TestFolder
    private(set) var messages: [ControlMessage] = []
    private(set) var hasEnded = false
    private var master: ControlChannel?
    private let worker: Worker

    init() throws {
        loop = try EventLoop()
        folder = try TestFolder()
        folder.makeFolder("www")
        let control = try FileDescriptor.streamPair()
        worker = try Worker(control: control.one, on: loop)
        master = try ControlChannel(control.other, on: loop, role: .master, handler: self)
    }

    /// Hands over a configuration with one site out of the folder `www`.
    func configure(_ server: String = "") throws {
        try configure(
            text: """
                <configuration>
                  <system.applicationHost>
                    <applicationPools><add name="Pool"/></applicationPools>
                    <sites><site name="Site" id="1">
                      <application path="/" applicationPool="Pool"><virtualDirectory path="/" physicalPath="\(folder.path)/www"/></application>
                      <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
                    </site></sites>
                  </system.applicationHost>
                  \(server)
                </configuration>
                """)
    }

    func configure(text: String) throws {
        let slice = ControlMessage.Slice(
            pool: 1, poolName: "Pool", path: "\(folder.path)/applicationHost.config", folder: folder.path)
        master?.send(.configure(slice), descriptor: try .sealedMemory(Array(text.utf8), name: "slice"))
    }

    func send(_ message: ControlMessage) { master?.send(message) }

    func leave() {
        master?.close()
        master = nil
    }

    func link(window: UInt32 = 1 << 16, maximumFiles: UInt32 = 0) throws -> RouterDouble {
        let pair = try FileDescriptor.streamPair()
        master?.send(.link, descriptor: pair.one)
        return try RouterDouble(pair.other, on: loop, window: window, maximumFiles: maximumFiles)
    }

    /// Turns the loop until `condition` holds; a condition that never comes true fails after some thousand turns that
    /// each wait a little for the sockets.
    func wait(until condition: () -> Bool) -> Bool {
        let limit = MonotonicClock.nanoseconds() + 10_000_000_000
        while !condition() {
            guard MonotonicClock.nanoseconds() < limit else { return false }
            loop.turn(maximumWait: 5)
        }
        return true
    }

    /// Lets happen what is there.
    func turn() { loop.turn(maximumWait: 1) }

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        messages.append(message)
    }

    func ended(_ channel: ControlChannel, reason: String) { hasEnded = true }
}
