//  Worker: the process that serves one pool's applications (w3wp's part).
//
//      control socket ─► Worker ─► WorkerConfiguration      the pool's slice of applicationHost.config, made a pipeline
//      link           ─► WorkerLink ─► WorkerStream ─► RequestPipeline
//
//  `Worker` is the shell: it owns the loop, hears the master on a control channel, keeps the links to the router and
//  gives each request to the pipeline, whose answer goes straight into the request's `WorkerStream`. A request whose answer
//  could not be sent at once hears what happens on it; `CacheWatch` looks after what the router may answer
//  by itself. `WorkerUse` counts requests and notices idleness; what follows from either is the master's to decide.
//  `WebConfigReporter` tells the master what was read of web.config files, for questions about them.
//
//  The worker serves on when the master is gone, and the next one finds it at its `Rendezvous`; when no link is left
//  either, it waits a while for somebody to bring one, and ends.

import AspNetCoreModule
public import Control
public import EventLoop
import Modules
import Pipeline
public import Platform
public import Wire

/// The role: serves what the master configures until it is told to end.
public final class Worker {
    private let loop: EventLoop
    private var control: ControlChannel?
    private var links: [ObjectIdentifier: WorkerLink] = [:]
    private var pipeline: RequestPipeline?
    private let files = FileCache()
    private lazy var services = WorkerServices(on: loop) { [weak self] in self?.tell($0) }
    private lazy var applications = ApplicationManager(
        WorkerHost(loop, services) { [weak self] in
            self?.tell($0)
        } recycle: { [weak self] in
            self?.recycle()
        })
    private var watch: CacheWatch?
    private var isDraining = false
    private var isEnding = false
    private var hasLeft = false
    /// Nil for a worker that ends with its master.
    private let rendezvous: Rendezvous?
    private var wasFound = false
    private var requestCount: UInt64 = 0
    /// Nil where requests are not told.
    private var tracer: RequestTracer?
    private lazy var reporter = WebConfigReporter(on: loop) { [unowned self] in control?.send(.webConfig($0)) }
    /// Runs from the end of listening to the end of the programs behind this worker.
    private let shutdownDelay = Timer()
    private var moduleEvents = ModuleEvents()
    private lazy var preload = Preload(on: loop, services: services)
    private let loneliness = Timer()
    /// How long a worker that neither a master nor a router knows waits for one. Unit: nanoseconds.
    static let patience: UInt64 = 60_000_000_000
    private lazy var use = WorkerUse(on: loop) { [unowned self] in
        links.values.contains { $0.inWork > 0 }
    } tell: { [unowned self] finding in
        // It may be suspended with what it holds.
        if finding == .idle { HeapMemory.release() }
        control?.send(finding == .idle ? .idle : .requestLimitReached)
    }

    /// `control` is the worker's end of the conversation with the master, `rendezvous` the socket (bound, not listening)
    /// at which the next one will find it; without one the worker drains when its master is gone.
    public init(
        control: consuming FileDescriptor, rendezvous: consuming FileDescriptor? = nil, on loop: EventLoop
    ) throws(SystemError) {
        self.loop = loop
        self.rendezvous = try Rendezvous(rendezvous, beside: control, on: loop)
        self.control = try ControlChannel(control, on: loop, role: .worker, handler: self)
        watch = CacheWatch(loop) { [unowned self] in Array(links.values) }
    }

    /// Makes the folder for temporary files that the environment names, in the pool's own home and as the pool's user:
    /// whatever lies there instead, the master has nothing to do with it. Whoever needs it and cannot have it says so.
    public static func prepareHome() {
        guard let folder = CurrentProcess.variable("TMPDIR") else { return }
        try? Folder.makePrivate(folder)
    }

    /// Serves from a new slice and says `ready`; ends where there is nothing to serve from.
    private func configure(_ slice: ControlMessage.Slice, _ memory: borrowing FileDescriptor) {
        let isFirst = pipeline == nil
        do {
            let configuration = try WorkerConfiguration(slice, memory)
            reporter.use(configuration)
            let resolver = configuration.resolver(
                files: files, services: services, applications: applications, observer: reporter.observer)
            watch?.use(resolver)
            if let pipeline {
                pipeline.use(resolver)
            } else {
                // What is told is answered here, every time.
                let pipeline = RequestPipeline(
                    resolver: resolver, keeper: tracer == nil ? watch : nil, services: services
                ) { [loop] in loop.now / 1_000_000 }
                pipeline.observer = tracer
                self.pipeline = pipeline
            }
            warmUp(configuration, isFirst: isFirst)
        } catch {
            tell("The new configuration cannot be read: \(error)")
            // An earlier version of the configuration goes on serving.
            if pipeline == nil { return end("cannot read its configuration: \(error)") }
            control?.send(.ready)
        }
    }

    /// Says that it serves, before the first time when the applications are warm that the pool wants to be.
    private func warmUp(_ configuration: WorkerConfiguration, isFirst: Bool) {
        guard let pipeline, let plan = configuration.preloadPlan else {
            control?.send(.ready)
            return
        }
        preload.run(plan, in: pipeline, isFirst: isFirst) { [unowned self] in control?.send(.ready) }
    }

    private func connect(_ descriptor: consuming FileDescriptor) {
        do throws(SystemError) {
            let link = try WorkerLink(descriptor, on: loop, receiver: self)
            links[ObjectIdentifier(link)] = link
            loop.cancel(loneliness)
            if isDraining { link.drain() }
        } catch {
            tell("A link to the router cannot be opened: \(error)")
        }
    }

    private var counts: ControlMessage.RoleCounts {
        .init(requests: requestCount, inWork: links.values.reduce(0) { $0 + UInt64($1.inWork) })
    }

    /// Says something that an administrator should know: to the master, which makes it an event, or else to standard error.
    private func tell(_ text: String) {
        if let control {
            control.send(.trouble(text))
        } else {
            StandardError.write(Array("hostelry-worker: \(text)\n".utf8))
        }
    }

    /// Tells what happened to an application, for the event log.
    func tell(_ event: ModuleNotice) {
        if let message = moduleEvents.tell(event) { control?.send(message) }
    }

    /// An application's configuration asks for another process than this one.
    private func recycle() {
        if let message = moduleEvents.recycle() { control?.send(message) }
    }

    /// Takes nothing new; the router closes each link when its last request is answered.
    private func drain() {
        isDraining = true
        preload.stop()
        watch?.use(nil)
        pipeline?.stopListening()
        for link in links.values { link.drain() }
        // Requests that are on their way here still find their programs.
        loop.start(shutdownDelay, after: applications.shutdownDelay, self)
        endWhenAlone()
    }

    private func endWhenAlone() {
        guard links.isEmpty else { return }
        if isDraining { return end("drained") }
        if control == nil { loop.start(loneliness, after: Self.patience, self) }
    }

    /// Programs behind this worker end first, since nothing of a pool outlives its worker.
    private func end(_ reason: String) {
        guard !isEnding else { return }
        isEnding = true
        pipeline?.stop()
        applications.end { [self] in leave(reason) }
    }

    private func leave(_ reason: String) {
        hasLeft = true
        guard let control else { return loop.stop() }
        // Unasked, for the history of worker processes.
        control.send(.counts(0, counts))
        control.send(.goodbye(reason: reason))
        control.closeAfterOutput()
    }
}

extension Worker: ControlHandler {
    public func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel)
    {
        switch message {
        case .hello(_, let versions): greeted(channel, versions)
        case .configure(let slice): if let memory = descriptor.take() { configure(slice, memory) }
        case .limits(let limits): use.apply(limits)
        case .link: if let end = descriptor.take() { connect(end) }
        case .drain: drain()
        case .stop:
            pipeline?.stop()
            loop.stop()
        case .ping(let value): channel.send(.pong(value))
        case .countsWanted(let number): channel.send(.counts(number, counts))
        case .requestsWanted(let number):
            channel.send(.requests(number, RunningRequest.all(on: links.values, now: loop.now / 1_000_000)))
        case .webConfigsWanted: reporter.begin()
        case .trace: tracer = RequestTracer { [weak self] in self?.control?.send(.traced($0)) }
        // The others are for the router, or answers.
        default: break
        }
    }

    public func ended(_ channel: ControlChannel, reason: String) {
        control = nil
        reporter.pause()
        moduleEvents.left()
        if isEnding {
            // Else it leaves when its programs have ended.
            if hasLeft { loop.stop() }
            return
        }
        if isDraining && links.isEmpty || pipeline == nil { return loop.stop() }
        if channel.hasNoCommonVersion { return drain() }
        do throws(SystemError) {
            guard let rendezvous else { return drain() }
            try rendezvous.open { [unowned self] in found($0) }
            endWhenAlone()
        } catch {
            drain()
        }
    }

    /// Another master has come.
    private func found(_ connection: consuming FileDescriptor) {
        wasFound = true
        loop.cancel(loneliness)
        control = try? ControlChannel(connection, on: loop, role: .worker, handler: self)
        if control == nil { try? rendezvous?.open { [unowned self] in found($0) } }
    }

    /// A later master is told what it finds here; the first one knows.
    private func greeted(_ channel: ControlChannel, _ versions: Versions) {
        if wasFound {
            channel.send(
                .workerReport(
                    WorkerReport(
                        isReady: pipeline != nil && !preload.isAwaited, isDraining: isDraining || isEnding,
                        requests: requestCount))
            )
        }
        for message in moduleEvents.greeted(versions) { channel.send(message) }
    }
}

extension Worker: TimerHandler {
    public func timerFired(_ timer: Timer) {
        if timer === shutdownDelay { return applications.end {} }
        end("neither a master nor a router came")
    }
}

extension Worker: RequestReceiver {
    public func began(_ head: RequestHead, on stream: WorkerStream) {
        requestCount += 1
        guard let pipeline else { return stream.refuse() }
        use.count()
        guard let request = pipeline.begin(head, stream) else { return }
        stream.handler = request
    }

    public func ended(_ link: WorkerLink, reason: String) {
        links[ObjectIdentifier(link)] = nil
        if !reason.isEmpty { tell("The router broke the link's protocol: \(reason)") }
        endWhenAlone()
    }
}
