//  LinkBenchmark: the built router, and a worker process that answers every request with 14 bytes.
//
//      LinkBenchmark PORT [HOSTS [LOG]]
//
//  starts both and serves on 127.0.0.1:PORT until standard input ends. HOSTS (0) host names are bound to the port; with
//  LOG the site has an access log, with IIS's usual fields, in that file.

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
    private let loop: EventLoop
    private let log: String?
    private(set) var worker: ChildProcess?

    init(_ loop: EventLoop, log: String?) {
        self.loop = loop
        self.log = log
    }

    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
        do throws(SystemError) {
            switch message {
            case .loops(let count): try startWorker(links: Int(count), channel)
            case .logWanted(let request):
                guard let log else { return }
                let file = try FileDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND)
                let answer = LogFileAnswer(log: request.log, number: request.number, fileNumber: 0, length: 0)
                channel.send(.logOpened(answer), descriptor: file)
            case .hello, .ready: break
            default: print(message)
            }
        } catch {
            print(error)
            loop.stop()
        }
    }

    private func startWorker(links count: Int, _ channel: ControlChannel) throws(SystemError) {
        var ends = DescriptorQueue()
        var numbers: [Int32] = []
        for _ in 0..<count {
            let link = try FileDescriptor.streamPair()
            channel.send(.linkReady(pool: 1, worker: 1), descriptor: link.one)
            numbers.append(link.other.number)
            ends.append(link.other)
        }
        worker = try start(CommandLine.arguments[0], ["worker", "\(count)"], descriptors: numbers)
    }

    func ended(_ channel: ControlChannel, reason: String) { loop.stop() }
}

/// Standard input, until it ends.
final class Input: ReadinessHandler {
    let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    func ready(_ readiness: Readiness) { if !readiness.isDisjoint(with: .ended) { loop.stop() } }
}

func serve(links count: Int32) throws(SystemError) {
    let loop = try EventLoop()
    let greeter = Greeter(loop)
    var links: [WorkerLink] = []
    for number in 3..<(3 + count) {
        links.append(try WorkerLink(FileDescriptor(owning: number), on: loop, receiver: greeter))
    }
    withExtendedLifetime(links) { loop.run() }
}

/// Starts a program that finds the descriptors under the numbers from 3 on.
func start(_ path: String, _ arguments: [String], descriptors: [Int32]) throws(SystemError) -> ChildProcess {
    var what = ProcessSpecification(executable: path, arguments: [path] + arguments)
    what.descriptors = [(1, 1), (2, 2)] + descriptors.enumerated().map { (Int32($0.offset) + 3, $0.element) }
    what.parentDeathSignal = SIGKILL
    what.environment = [("SWIFT_BACKTRACE", "enable=no")]
    if let loops = CurrentProcess.variable("HOSTELRY_ROUTER_LOOPS") {
        what.environment.append(("HOSTELRY_ROUTER_LOOPS", loops))
    }
    return try ChildProcess.start(what)
}

func conduct(port: UInt16, hosts: Int, log: String?) throws(SystemError) {
    let own = CommandLine.arguments[0]
    let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let loop = try EventLoop()
    let control = try FileDescriptor.streamPair()
    let router = try start(folder + "/hostelry-router", [], descriptors: [control.other.number])
    let conductor = Conductor(loop, log: log)
    let channel = try ControlChannel(control.one, on: loop, role: .master, handler: conductor)
    let endpoint = SocketAddress.loopback(port: port)
    channel.send(
        .listen(Endpoint(address: IPAddress(high: endpoint.high, low: endpoint.low), port: port)),
        descriptor: try .listening(at: endpoint))
    let names = (0..<hosts).map { RouteTable.Binding(port: port, host: .exact("host\($0).example.test")) }
    let site = RouteTable.Site(
        id: 1, name: "benchmark", bindings: [RouteTable.Binding(port: port)] + names,
        applications: [RouteTable.Application(path: "/", pool: 1)], log: log == nil ? nil : 0)
    let usual: LogSettings.Fields = [
        .date, .time, .clientIP, .userName, .serverIP, .method, .uriStem, .uriQuery, .timeTaken, .httpStatus,
        .win32Status, .serverPort, .userAgent, .httpSubStatus, .referer,
    ]
    channel.send(
        .routes(
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "benchmark", queueLength: 1000, state: .started)], sites: [site],
                logs: log == nil ? [] : [LogSettings(directory: "", fields: usual)])))
    try loop.register(0, Input(loop))
    loop.run()
    for process in [router, conductor.worker].compactMap(\.self) {
        process.signal(SIGKILL)
        _ = try process.waitForExit()
    }
}

do throws(SystemError) {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "worker", arguments.count == 2, let count = Int32(arguments[1]) {
        try serve(links: count)
    } else if let text = arguments.first, let port = UInt16(text) {
        try conduct(
            port: port, hosts: arguments.count > 1 ? Int(arguments[1]) ?? 0 : 0,
            log: arguments.count > 2 ? arguments[2] : nil)
    } else {
        exit(2)
    }
} catch {
    print(error)
    exit(1)
}
