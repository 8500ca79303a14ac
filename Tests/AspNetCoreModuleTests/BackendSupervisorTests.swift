import Glibc
import Platform
import Programs
import TestSupport
import Testing
import Wire

@testable import AspNetCoreModule

/// Real processes on a real loop: no test waits for a time, each waits for what it is about.
@Suite(.serialized, .enabled(if: BackendBench.pythonPath != nil, "there is no python3"))
struct BackendSupervisorTests {
    /// Listens at an IPv4 port and answers every connection with a status; SIGTERM ends it.
    private static let server = """
        import os, signal, socket, sys
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        open("pid", "w").write(f"{os.getpid()}\\n")
        while True:
            connection, _ = listener.accept()
            request = connection.recv(65536)
            open("request", "wb").write(request)
            connection.sendall(b"HTTP/1.1 202 Accepted\\r\\nContent-Length: 0\\r\\n\\r\\n")
            connection.close()
            if b"iisintegration" in request: break
        """

    private static func port(_ backend: Backend) -> UInt16 {
        if case .tcp(let address) = backend.address { address.port } else { 0 }
    }

    @Test func aProcessIsStartedAtTheFirstRequestAndServesTheNext() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server))
        let backend = try bench.backend(of: supervisor).get()
        #expect(BackendPlace.ports.contains(Self.port(backend)))
        #expect(backend.pid == (try bench.pid(in: "pid")))
        #expect(try bench.backend(of: supervisor).get() === backend)
        #expect(
            bench.events(1001).map(\.text) == [
                "Application '/LM/W3SVC/7/ROOT' started process '\(backend.pid)' successfully and process "
                    + "'\(backend.pid)' is listening on port '\(Self.port(backend))'."
            ])
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func itsTokenIsOneOf36Characters() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server))
        let token = try bench.backend(of: supervisor).get().token
        let form = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        #expect(token.wholeMatch(of: form) != nil)
        try bench.stop(supervisor)
    }

    @Test func itIsAskedToEndByTheShutdownMessage() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server), path: "/shop")
        let backend = try bench.backend(of: supervisor).get()
        try bench.stop(supervisor)
        #expect(!backend.isReady)
        let lines = try bench.folder.text("request").split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /shop/iisintegration HTTP/1.1")
        #expect(lines.contains("MS-ASPNETCORE-EVENT: shutdown"))
        #expect(lines.contains("MS-ASPNETCORE-TOKEN: \(backend.token)"))
        #expect(
            bench.events(1006).map(\.text) == [
                "Sent shutdown HTTP message to process '\(backend.pid)' and received http status '202'."
            ])
        #expect(bench.events(1005).isEmpty)
        #expect(!BackendBench.isAlive(backend.pid))
        try bench.expectNothingIsLeft()
    }

    @Test func aRequestDuringTheStopIsRefused() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server))
        _ = try bench.backend(of: supervisor)
        supervisor.stop {}
        #expect(throws: BackendFailure.self) { try bench.backend(of: supervisor).get() }
        try bench.stop(supervisor)
    }

    @Test func otherProgramsAreEndedBySignal() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import os, signal, socket, sys
            def end(*_):
                open("signal", "w").write("heard")
                sys.exit(0)
            signal.signal(signal.SIGTERM, end)
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.dialect = .httpPlatform }
        let backend = try bench.backend(of: supervisor).get()
        try bench.stop(supervisor)
        #expect(try bench.folder.text("signal") == "heard")
        #expect(bench.events(1006).isEmpty && bench.events(1005).isEmpty)
        #expect(!BackendBench.isAlive(backend.pid))
        try bench.expectNothingIsLeft()
    }

    @Test(arguments: ["::", "::1"]) func listenersOfIPv6AreReadyToo(address: String) throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import signal, socket, sys
            listener = socket.socket(socket.AF_INET6)
            listener.bind(("\(address)", int(sys.argv[1])))
            listener.listen()
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.dialect = .httpPlatform }
        let backend = try bench.backend(of: supervisor).get()
        guard case .tcp(let socket) = backend.address else { return #expect(Bool(false)) }
        _ = try FileDescriptor.connected(to: socket)
        #expect(socket.high == 0 && socket.low == (address == "::" ? 0xffff_7f00_0001 : 1))
        try bench.stop(supervisor)
    }

    @Test func aUnixSocketThatWasOfferedIsReadyTooAndIsRemovedAfterwards() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import signal, socket, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[2])
            listener.listen()
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.dialect = .httpPlatform }
        let backend = try bench.backend(of: supervisor).get()
        guard case .unix(let path) = backend.address else { return #expect(Bool(false)) }
        #expect(path.hasPrefix(bench.folder.path))
        try bench.stop(supervisor)
        #expect(unsafe access(path, F_OK) != 0)
    }

    @Test func aDescendantMayBeTheOneThatListens() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import os, signal, socket, sys
            child = os.fork()
            if child == 0:
                os.setsid()
                listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                open("pid", "w").write(f"{os.getpid()}\\n")
                while True: signal.pause()
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.dialect = .httpPlatform }
        let backend = try bench.backend(of: supervisor).get()
        let listener = try bench.pid(in: "pid")
        #expect(bench.events(1001).first?.text.contains("process '\(listener)' is listening") == true)
        kill(listener, SIGKILL)
        try bench.turn { !backend.isReady }
        // The next request starts another.
        let next = try bench.backend(of: supervisor).get()
        #expect(next !== backend)
        #expect(!BackendBench.isAlive(backend.pid))
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func whoListensInASessionOfItsOwnIsAskedToEndToo() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import os, signal, socket, sys
            def end(*_):
                open("signal", "w").write("heard")
                sys.exit(0)
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGTERM, end)
                listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                while True: signal.pause()
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.dialect = .httpPlatform }
        _ = try bench.backend(of: supervisor).get()
        try bench.stop(supervisor)
        #expect(try bench.folder.text("signal") == "heard")
        #expect(bench.events(1005).isEmpty)
        try bench.expectNothingIsLeft()
    }

    // MARK: Bad programs

    /// A request to a program that cannot come to anything.
    private static func failure(_ bench: BackendBench, _ launcher: any BackendLauncher) throws -> BackendFailure {
        let supervisor = bench.supervisor(launcher) { $0.startupTimeLimit = 1 }
        defer { try? bench.stop(supervisor) }
        guard case .failure(let failure) = try bench.backend(of: supervisor) else {
            throw LaunchFailure("it has started")
        }
        return failure
    }

    private static func expectTwoAttempts(_ bench: BackendBench, _ failure: BackendFailure) throws {
        #expect(failure.reason == .startFailed && failure.attempts == 2)
        #expect(bench.events(1000).count == 2 && bench.events(1020).count == 1)
        try bench.expectNothingIsLeft()
    }

    @Test func aMissingProgramFailsTwice() throws {
        let bench = try BackendBench()
        let failure = try Self.failure(
            bench, ScriptLauncher(executable: bench.folder["none"], arguments: [], folder: bench.folder.path))
        try Self.expectTwoAttempts(bench, failure)
        #expect(failure.text.contains(bench.folder["none"]))
        #expect(bench.events(1000).allSatisfy { $0.text.contains("0x80070002") })
        #expect(bench.output.endedCount == 2)
    }

    @Test func aFileThatIsNoProgramFailsTwice() throws {
        let bench = try BackendBench()
        try bench.folder.write("plain", "text")
        let failure = try Self.failure(
            bench, ScriptLauncher(executable: bench.folder["plain"], arguments: [], folder: bench.folder.path))
        try Self.expectTwoAttempts(bench, failure)
        #expect(bench.events(1000).allSatisfy { $0.text.contains("0x80070005") })
    }

    @Test func whatEndsAtOnceFailsTwiceAndWhatItPrintedIsTold() throws {
        let bench = try BackendBench()
        let failure = try Self.failure(bench, try bench.python("import sys; print('no database'); sys.exit(3)"))
        try Self.expectTwoAttempts(bench, failure)
        #expect(failure.text.contains("exit code 3"))
        #expect(bench.events(1020).first?.text.contains("no database") == true)
        #expect(
            bench.events(1020).first?.text.contains(
                "First 30KB characters of captured stdout and stderr logs from multiple retries") == true)
    }

    @Test func whatNeverListensFailsTwice() throws {
        let bench = try BackendBench()
        let failure = try Self.failure(bench, try bench.python("import signal\nwhile True: signal.pause()"))
        try Self.expectTwoAttempts(bench, failure)
        #expect(failure.text.contains("did not listen on the given port"))
    }

    @Test func whatListensAtAnotherPortFailsTwice() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            "import signal, socket\nlistener = socket.create_server(('127.0.0.1', 0))\nwhile True: signal.pause()")
        try Self.expectTwoAttempts(bench, try Self.failure(bench, launcher))
    }

    @Test func aPortThatAnotherProgramHasIsAFailure() throws {
        let bench = try BackendBench()
        var launcher = try bench.python("import signal\nwhile True: signal.pause()")
        let (socket, port) = try Self.listener()
        launcher.ownPort = port
        let failure = try Self.failure(bench, launcher)
        try Self.expectTwoAttempts(bench, failure)
        #expect(failure.text.contains("failed to listen on the given port '\(port)'"))
        withExtendedLifetime(socket) {}
    }

    /// A listener of this process at a port that an application may be told.
    private static func listener() throws -> (FileDescriptorBox, UInt16) {
        let port = try #require(BackendPlace.freePort())
        return (FileDescriptorBox(try .listening(at: .loopback(port: port))), port)
    }

    @Test func thePortOfAConnectionIsGivenToNoApplication() throws {
        let listener = try FileDescriptor.listening(at: .loopback(port: 0))
        let connection = try FileDescriptor.connecting(to: .loopback(port: try listener.localAddress().port))
        let port = try connection.localAddress().port
        #expect(!BackendPlace.canBeTaken(port))
        withExtendedLifetime(connection) {}
    }

    @Test(arguments: [0, 80, 1024, 48001, 65535] as [UInt16]) func aPortThatNoApplicationMayHaveIsNotTriedTwice(
        port: UInt16
    ) throws {
        let bench = try BackendBench()
        var launcher = try bench.python(Self.server)
        launcher.ownPort = port
        let failure = try Self.failure(bench, launcher)
        #expect(failure.reason == .badPort && failure.attempts == 1)
        #expect(bench.events(1001).map(\.level) == [.error])
        #expect(bench.events(1020).count == 1)
    }

    @Test func aTokenThatTheApplicationChoseIsKept() throws {
        let bench = try BackendBench()
        var launcher = try bench.python(Self.server)
        launcher.ownToken = "my token"
        let supervisor = bench.supervisor(launcher)
        #expect(try bench.backend(of: supervisor).get().token == "my token")
        try bench.stop(supervisor)
    }

    @Test func aFloodOfOutputKeepsNobodyFromListening() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import os, signal, socket, sys, threading
            def flood():
                while True: os.write(1, b"x" * 65536)
            threading.Thread(target=flood, daemon=True).start()
            \(Self.server)
            """)
        let supervisor = bench.supervisor(launcher)
        _ = try bench.backend(of: supervisor).get()
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func whatRefusesToEndIsEnded() throws {
        let bench = try BackendBench()
        let launcher = try bench.python(
            """
            import os, signal, socket, sys
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            child = os.fork()
            if child == 0: open("child", "w").write(f"{os.getpid()}\\n")
            while True: signal.pause()
            """)
        let supervisor = bench.supervisor(launcher) { $0.shutdownTimeLimit = 1 }
        let backend = try bench.backend(of: supervisor).get()
        let child = try bench.pid(in: "child")
        try bench.stop(supervisor)
        #expect(bench.events(1005).first?.text.contains("process with Id '\(backend.pid)'") == true)
        #expect(!BackendBench.isAlive(backend.pid) && !BackendBench.isAlive(child))
        try bench.expectNothingIsLeft()
    }

    /// Starts a daemon of the thorough kind, whose parents have ended and which has a session of its own.
    private static let daemon = """
        import os, signal, socket, sys
        if os.fork() == 0:
            os.setsid()
            if os.fork() != 0: os._exit(0)
            os.closerange(0, 3)
            file = os.open("daemon", os.O_WRONLY | os.O_CREAT)
            os.write(file, f"{os.getpid()}\\n".encode())
            while True: signal.pause()
        os.wait()
        """

    @Test func daemonsDoNotOutliveTheStop() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.daemon + "\n" + Self.server))
        _ = try bench.backend(of: supervisor).get()
        let daemon = try bench.pid(in: "daemon")
        #expect(BackendBench.isAlive(daemon))
        try bench.stop(supervisor)
        #expect(!BackendBench.isAlive(daemon))
        try bench.expectNothingIsLeft()
    }

    @Test func daemonsDoNotOutliveAProcessThatIsKilled() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.daemon + "\n" + Self.server))
        let backend = try bench.backend(of: supervisor).get()
        let daemon = try bench.pid(in: "daemon")
        kill(backend.pid, SIGKILL)
        try bench.turn { !backend.isReady }
        #expect(bench.events(1030).first?.text.contains("shut down process with Id '\(backend.pid)'") == true)
        try bench.turn { !BackendBench.isAlive(daemon) }
        #expect(try bench.backend(of: supervisor).get().pid != backend.pid)
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func aRequestThatMetNoProcessWaitsForTheNextOne() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server))
        let backend = try bench.backend(of: supervisor).get()
        // One that listens is given again.
        #expect(try bench.backend(of: supervisor, after: backend).get() === backend)
        kill(backend.pid, SIGKILL)
        // The loop hears of its end behind the request.
        while BackendBench.isAlive(backend.pid) {}
        let next = try bench.backend(of: supervisor, after: backend).get()
        #expect(next.pid != backend.pid && !backend.isReady)
        // What is gone for long has nothing to be looked at.
        #expect(try bench.backend(of: supervisor, after: backend).get() === next)
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func tooManyEndsWithinAMinuteAreEnough() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server)) { $0.rapidFailsPerMinute = 1 }
        for _ in 0..<2 {
            let backend = try bench.backend(of: supervisor).get()
            kill(backend.pid, SIGKILL)
            try bench.turn { !backend.isReady }
        }
        let failure = try bench.backend(of: supervisor)
        guard case .failure(let failure) = failure else { return #expect(Bool(false), "it has started") }
        #expect(failure.reason == .rapidFailsExceeded)
        #expect(bench.events(1003).count == 1)
        try bench.stop(supervisor)
        try bench.expectNothingIsLeft()
    }

    @Test func severalProcessesTakeTurns() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(try bench.python(Self.server)) { $0.processesPerApplication = 3 }
        let first = try (0..<3).map { _ in try bench.backend(of: supervisor).get().pid }
        #expect(Set(first).count == 3)
        #expect(try (0..<3).map { _ in try bench.backend(of: supervisor).get().pid } == first)
        try bench.stop(supervisor)
        #expect(bench.events(1006).count == 3)
        try bench.expectNothingIsLeft()
    }

    @Test func aStartIsGivenUpWhenTheApplicationIsStopped() throws {
        let bench = try BackendBench()
        let supervisor = bench.supervisor(
            try bench.python(
                "import os, signal\nopen('pid', 'w').write(f'{os.getpid()}\\n')\nwhile True: signal.pause()"))
        var result: Result<Backend, BackendFailure>?
        supervisor.backend { result = $0 }
        let pid = try bench.pid(in: "pid")
        try bench.stop(supervisor)
        guard case .failure(let failure) = result else { return #expect(Bool(false), "it has started") }
        #expect(failure.reason == .stopping)
        #expect(!BackendBench.isAlive(pid))
        #expect(bench.events(1000).isEmpty && bench.events(1020).isEmpty)
        try bench.expectNothingIsLeft()
    }
}
