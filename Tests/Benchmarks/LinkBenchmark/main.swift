//  LinkBenchmark: the built router, and a worker process that answers every request with 14 bytes.
//
//      LinkBenchmark PORT            starts both and serves on 127.0.0.1:PORT until standard input ends
//      LinkBenchmark PORT HOSTS      the same with that many host names bound to the port

internal import Control
internal import EventLoop
internal import Glibc
internal import Platform
internal import Wire
internal import Worker

/// Answers `Hello, world!` and a line end.
final class Greeter: RequestReceiver {
    private let loop: EventLoop
    private var head = ResponseHead(status: 200, contentLength: 14)
    private let body = Array("Hello, world!\n".utf8)

    init(_ loop: EventLoop) {
        self.loop = loop
        head.headers.append("Content-Type", "text/plain")
    }

    func began(_ request: RequestHead, on stream: WorkerStream) {
        stream.begin(head)
        let body = body
        stream.write(body.span)
        stream.end()
    }

    func ended(_ link: WorkerLink, reason: String) { loop.stop() }
}

/// What the master would do for one site and one pool.
final class Conductor: ControlHandler {
    let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        print(message)
    }

    func ended(_ channel: ControlChannel, reason: String) { loop.stop() }
}

/// Standard input, until it ends.
final class Input: ReadinessHandler {
    let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    func ready(_ readiness: Readiness) { if !readiness.isDisjoint(with: .ended) { loop.stop() } }
}

func serve() throws(SystemError) {
    let loop = try EventLoop()
    let greeter = Greeter(loop)
    let link = try WorkerLink(FileDescriptor(owning: 3), on: loop, receiver: greeter)
    withExtendedLifetime(link) { loop.run() }
}

func start(_ path: String, _ arguments: [String], descriptor: borrowing FileDescriptor) throws(SystemError)
    -> ChildProcess
{
    var what = ProcessSpecification(executable: path, arguments: [path] + arguments)
    what.descriptors = [(1, 1), (2, 2), (3, descriptor.number)]
    what.parentDeathSignal = SIGKILL
    what.environment = [("SWIFT_BACKTRACE", "enable=no")]
    return try ChildProcess.start(what)
}

func conduct(port: UInt16, hosts: Int) throws(SystemError) {
    let own = CommandLine.arguments[0]
    let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let loop = try EventLoop()
    let control = try FileDescriptor.streamPair()
    let link = try FileDescriptor.streamPair()
    let router = try start(folder + "/hostelry-router", [], descriptor: control.other)
    let worker = try start(own, ["worker"], descriptor: link.other)
    let channel = try ControlChannel(control.one, on: loop, role: .master, handler: Conductor(loop))
    let endpoint = SocketAddress.loopback(port: port)
    channel.send(
        .listen(Endpoint(address: IPAddress(high: endpoint.high, low: endpoint.low), port: port)),
        descriptor: try .listening(at: endpoint))
    let names = (0..<hosts).map { RouteTable.Binding(port: port, host: .exact("host\($0).example.test")) }
    let site = RouteTable.Site(
        id: 1, name: "benchmark", bindings: [RouteTable.Binding(port: port)] + names,
        applications: [RouteTable.Application(path: "/", pool: 1)])
    channel.send(
        .routes(
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "benchmark", queueLength: 1000, state: .started)], sites: [site])))
    channel.send(.linkReady(pool: 1, worker: 1), descriptor: link.one)
    try loop.register(0, Input(loop))
    loop.run()
    for process in [router, worker] {
        process.signal(SIGKILL)
        _ = try process.waitForExit()
    }
}

do throws(SystemError) {
    switch CommandLine.arguments.dropFirst().first {
    case "worker"?: try serve()
    case let text?:
        guard let port = UInt16(text) else { exit(2) }
        try conduct(port: port, hosts: CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 0 : 0)
    case nil: exit(2)
    }
} catch {
    print(error)
    exit(1)
}
