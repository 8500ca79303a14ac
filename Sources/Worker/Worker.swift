//  Worker: the process that serves one pool's applications (w3wp's part).
//
//      control socket ─► Worker ─► WorkerConfiguration      the pool's slice of applicationHost.config, made a pipeline
//      link           ─► WorkerLink ─► WorkerStream ─► RequestPipeline
//
//  `Worker` is the shell: it owns the loop, hears the master on a control channel, keeps the links to the router and
//  gives each request to the pipeline, whose answer goes straight into the request's `WorkerStream`. `StreamWatch` hears
//  what happens to a request whose answer could not be sent at once.
//
//  The worker serves on when the master is gone; when no link is left either, nothing can reach it and it ends.

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
    private var isDraining = false

    /// `control` is the worker's end of the conversation with the master.
    public init(control: consuming FileDescriptor, on loop: EventLoop) throws(SystemError) {
        self.loop = loop
        self.control = try ControlChannel(control, on: loop, role: .worker, handler: self)
    }

    /// Makes the folder for temporary files that the environment names, in the pool's own home and as the pool's user:
    /// whatever lies there instead, the master has nothing to do with it. Whoever needs it and cannot have it says so.
    public static func prepareHome() {
        guard let folder = CurrentProcess.variable("TMPDIR") else { return }
        try? Folder.makePrivate(folder)
    }

    /// Serves from a new slice and says `ready`; ends where there is nothing to serve from.
    private func configure(_ slice: ControlMessage.Slice, _ memory: borrowing FileDescriptor) {
        do {
            let resolver = try WorkerConfiguration(slice, memory).resolver(files: files) { [weak self] problem in
                self?.tell(problem)
            }
            if let pipeline {
                pipeline.use(resolver)
            } else {
                pipeline = RequestPipeline(resolver: resolver) { [loop] in loop.now / 1_000_000 }
            }
        } catch {
            tell("The new configuration cannot be read: \(error)")
            // An earlier version of the configuration goes on serving.
            if pipeline == nil { return end("cannot read its configuration: \(error)") }
        }
        control?.send(.ready)
    }

    private func connect(_ descriptor: consuming FileDescriptor) {
        do throws(SystemError) {
            let link = try WorkerLink(descriptor, on: loop, receiver: self)
            links[ObjectIdentifier(link)] = link
            if isDraining { link.drain() }
        } catch {
            tell("A link to the router cannot be opened: \(error)")
        }
    }

    /// Says something that an administrator should know: to the master, which makes it an event, or else to standard error.
    private func tell(_ text: String) {
        if let control {
            control.send(.trouble(text))
        } else {
            StandardError.write(Array("hostelry-worker: \(text)\n".utf8))
        }
    }

    /// Takes nothing new; the router closes each link when its last request is answered.
    private func drain() {
        isDraining = true
        for link in links.values { link.drain() }
        endWhenAlone()
    }

    private func endWhenAlone() {
        guard links.isEmpty else { return }
        if isDraining { end("drained") } else if control == nil { loop.stop() }
    }

    private func end(_ reason: String) {
        guard let control else { return loop.stop() }
        control.send(.goodbye(reason: reason))
        control.closeAfterOutput()
    }
}

extension Worker: ControlHandler {
    public func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel)
    {
        switch message {
        case .configure(let slice): if let memory = descriptor.take() { configure(slice, memory) }
        case .link: if let end = descriptor.take() { connect(end) }
        case .drain: drain()
        case .stop: loop.stop()
        case .ping(let value): channel.send(.pong(value))
        // The others are for the router, or answers.
        default: break
        }
    }

    public func ended(_ channel: ControlChannel, reason: String) {
        control = nil
        if isDraining && links.isEmpty || pipeline == nil { return loop.stop() }
        endWhenAlone()
    }
}

extension Worker: RequestReceiver {
    public func began(_ head: RequestHead, on stream: WorkerStream) {
        guard let pipeline else { return stream.refuse() }
        guard let request = pipeline.begin(head, stream) else { return }
        stream.handler = StreamWatch(request)
    }

    public func ended(_ link: WorkerLink, reason: String) {
        links[ObjectIdentifier(link)] = nil
        if !reason.isEmpty { tell("The router broke the link's protocol: \(reason)") }
        endWhenAlone()
    }
}
