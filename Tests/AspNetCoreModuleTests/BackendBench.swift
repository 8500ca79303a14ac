import Configuration
import EventLoop
import Glibc
import Pipeline
import Platform
import Programs
import Synchronization
import TestSupport
import Testing
import Wire

@testable import AspNetCoreModule

/// A worker's side of the module on a real loop, with real processes that are scripts.
final class BackendBench: ModuleHost {
    let loop: EventLoop
    let services: any ModuleServices
    var environment: [(name: String, value: String)] { [("TMPDIR", folder.path), ("PATH", "/usr/bin:/bin")] }
    private(set) var events: [ModuleNotice] = []
    let folder: TemporaryFolder
    let output = PipeOutput()

    /// Real processes on a busy machine; a test that needs all of it has failed. Unit: seconds.
    private static let patience: UInt64 = 60

    static let pythonPath = (["/usr/bin/python3", "/usr/local/bin/python3"] as [String]).first {
        unsafe access($0, X_OK) == 0
    }

    init() throws {
        loop = try EventLoop()
        services = LoopServices(loop)
        folder = try TemporaryFolder()
    }

    func tell(_ event: ModuleNotice) { events.append(event) }

    func recycle() {}

    /// The events so far with that number.
    func events(_ number: UInt16) -> [ModuleNotice] { events.filter { $0.number == number } }

    func supervisor(
        _ launcher: any BackendLauncher, path: String = "/", _ change: (inout BackendSettings) -> Void = { _ in }
    ) -> BackendSupervisor {
        var settings = BackendSettings(processPath: "app")
        settings.startupTimeLimit = 60
        change(&settings)
        let place = ApplicationPlace(siteName: "Shop", siteID: 7, path: path, folder: folder.path, pool: "Shop")
        return BackendSupervisor(settings: settings, place: place, host: self, launcher: launcher, output: output)
    }

    /// A Python program that is told its port as its first argument and the Unix socket as its second.
    func python(_ text: String) throws -> ScriptLauncher {
        try folder.write("app.py", text)
        return ScriptLauncher(
            executable: try #require(Self.pythonPath), arguments: ["-S", "app.py"], folder: folder.path)
    }

    func turn(until isDone: () -> Bool) throws {
        let end = MonotonicClock.nanoseconds() + Self.patience * 1_000_000_000
        while !isDone() {
            try #require(MonotonicClock.nanoseconds() < end, "nothing came of it; events: \(events)")
            loop.turn(maximumWait: 20)
        }
    }

    /// - Parameter refusing: the process that took no connection of the request before.
    func backend(
        of supervisor: BackendSupervisor, after refusing: Backend? = nil
    ) throws -> Result<Backend, BackendFailure> {
        var result: Result<Backend, BackendFailure>?
        if let refusing {
            supervisor.backend(after: refusing) { result = $0 }
        } else {
            supervisor.backend { result = $0 }
        }
        try turn { result != nil }
        return try #require(result)
    }

    func stop(_ supervisor: BackendSupervisor) throws {
        var isStopped = false
        supervisor.stop { isStopped = true }
        try turn { isStopped }
    }

    /// The process with the number that a script wrote into a file.
    func pid(in name: String) throws -> Int32 {
        var found: Int32?
        try turn {
            found = (try? folder.text(name)).flatMap { $0.hasSuffix("\n") ? Int32($0.dropLast()) : nil }
            return found != nil
        }
        return try #require(found)
    }

    /// Whether there is such a process, ended ones that nobody asked for their exit aside.
    static func isAlive(_ pid: Int32) -> Bool {
        ProcessTable.now().entries.contains { $0.pid == pid && !$0.isZombie }
    }

    /// Every copy of the streams that processes were given is closed, here and in whatever they started.
    func expectNothingIsLeft() throws { try turn { output.areAllEnded } }
}

struct ScriptLauncher: BackendLauncher {
    var executable: String
    var arguments: [String]
    var folder: String
    var variables: [EnvironmentVariable] = []
    /// As an application's own table would say it.
    var ownPort: UInt16?
    var ownToken: String?

    func plan(port: UInt16, socketPath: String?, token: String) throws(LaunchFailure) -> LaunchPlan {
        let port = ownPort ?? port
        return LaunchPlan(
            executable: executable, arguments: [executable] + arguments + ["\(port)", socketPath ?? ""],
            environment: [.init(name: "PATH", value: "/usr/bin:/bin"), .init(name: "TOKEN", value: token)] + variables,
            directory: folder, commandLine: "app.py", port: port, socketPath: socketPath, token: ownToken ?? token)
    }
}

/// Gives each process a pipe and keeps what comes out of it.
final class PipeOutput: BackendOutput {
    private(set) var captured = ""
    private(set) var attempts: [Int] = []
    private(set) var endedCount = 0
    private var readers: [FileDescriptorBox] = []

    func open(for attempt: Int) throws(SystemError) -> BackendStreams {
        attempts.append(attempt)
        let pair = try FileDescriptor.streamPair()
        let errors = try pair.other.duplicate()
        readers.append(FileDescriptorBox(pair.one))
        return BackendStreams(output: pair.other, errors: errors)
    }

    func ended() {
        endedCount += 1
        _ = areAllEnded
    }

    /// Reads what has come, and whether all ends have.
    var areAllEnded: Bool {
        readers.removeAll { reader in
            var bytes: [UInt8] = []
            var isOpen = true
            do { while isOpen { isOpen = try reader.descriptor.receive(into: &bytes) } } catch {}
            captured += String(decoding: bytes, as: UTF8.self)
            return !isOpen
        }
        return readers.isEmpty
    }
}

final class FileDescriptorBox {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}

/// As the worker has them.
final class LoopServices: ModuleServices {
    private let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    var now: UInt64 { loop.now / 1_000_000 }

    func perform<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) { loop.perform(work, then: completion) }

    func after(milliseconds: UInt64, _ action: @escaping () -> Void) {
        loop.start(Timer(), after: milliseconds * 1_000_000, Alarm(action))
    }

    func report(_ text: String) {}

    private final class Alarm: TimerHandler {
        private let action: () -> Void

        init(_ action: @escaping () -> Void) { self.action = action }

        func timerFired(_ timer: Timer) { action() }
    }
}
