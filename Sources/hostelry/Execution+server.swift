import Administration
import Arguments
import Events
import Glibc
import HostModel
import Platform

/// Commands to a running server.
extension Execution {
    static func status(_ invocation: Invocation) -> Int32 {
        ask(.status, invocation) { _, members in
            if invocation.has(Commands.statusJSON) {
                print(JSONValue.object(members).text())
                return 0
            }
            guard let status = ServerStatus(members) else { return fail("the server's answer is not understood") }
            let text = StatusText(status, width: CurrentProcess.terminalWidth ?? 1000, isColoured: isColoured).text
            print(text, terminator: "")
            return 0
        }
    }

    static func reload(_ invocation: Invocation) -> Int32 {
        ask(
            .reload, invocation,
            refused: { refusal in
                print(problems(refusal.details).text, terminator: "")
                return fail(refusal.text)
            },
            done: { _, members in
                print(problems(members).text, terminator: "")
                print("The configuration is in force.")
                return 0
            })
    }

    private static func problems(_ members: [JSONValue.Member]) -> ProblemList {
        ProblemList((JSONValue.object(members)["problems"]?.elements ?? []).compactMap(Problem.init))
    }

    static func stop(_ invocation: Invocation) -> Int32 {
        ask(.stop(now: invocation.has(Commands.now)), invocation) { client, _ throws(ControlClient.Failure) in
            if StandardError.isTerminal, !invocation.has(Commands.now) {
                StandardError.write(
                    Array("Requests in work are being finished; 'hostelry stop --now' does not wait.\n".utf8))
            }
            try client.waitForEnd()
            print("The server has ended.")
            return 0
        }
    }

    static func upgrade(_ invocation: Invocation) -> Int32 {
        let path = statePath(invocation)
        do throws(ControlClient.Failure) {
            if case .refused(let refusal) = try ControlClient(stateFolder: path).ask(.upgrade) {
                return fail(refusal.text)
            }
        } catch {
            // The master has become the new version, which has not taken the conversation along.
            guard error == .ended else { return fail(text(error, path)) }
        }
        for _ in 0..<600 {
            if case .done(let members)? = try? ControlClient(stateFolder: path).ask(.status),
                let status = ServerStatus(members)
            {
                print(
                    """
                    Version \(LineText.printable(status.version)) has taken over, as process \(status.process.pid).
                    Router and workers are replaced one by one; 'hostelry events' tells when that is finished.
                    """)
                return 0
            }
            usleep(100_000)
        }
        return fail("the new version does not answer on \(path) within 60 s; 'hostelry events' tells what happened")
    }

    static func recycle(_ invocation: Invocation) -> Int32 {
        order({ .recycle(pool: $0) }, Commands.poolName, "is being recycled", invocation)
    }

    static func startPool(_ invocation: Invocation) -> Int32 {
        order({ .startPool($0) }, Commands.poolName, "is started", invocation)
    }

    static func stopPool(_ invocation: Invocation) -> Int32 {
        order({ .stopPool($0) }, Commands.poolName, "is stopped", invocation)
    }

    static func startSite(_ invocation: Invocation) -> Int32 {
        order({ .startSite($0) }, Commands.siteName, "is started", invocation)
    }

    static func stopSite(_ invocation: Invocation) -> Int32 {
        order({ .stopSite($0) }, Commands.siteName, "is stopped", invocation)
    }

    private static func order(
        _ operation: (String) -> ControlRequest.Operation, _ operand: Operand, _ outcome: String,
        _ invocation: Invocation
    ) -> Int32 {
        let name = invocation.operand(operand) ?? ""
        return ask(operation(name), invocation) { _, _ in
            print("\(LineText.printable(name)) \(outcome).")
            return 0
        }
    }

    /// Asks the server on the state folder; whatever keeps it from being done is told on standard error.
    static func ask(
        _ operation: ControlRequest.Operation, _ invocation: Invocation,
        refused: (ControlRefusal) -> Int32 = { fail($0.text) },
        done: (ControlClient, [JSONValue.Member]) throws(ControlClient.Failure) -> Int32
    ) -> Int32 {
        let path = statePath(invocation)
        do throws(ControlClient.Failure) {
            let client = try ControlClient(stateFolder: path)
            switch try client.ask(operation) {
            case .done(let members): return try done(client, members)
            case .refused(let refusal): return refused(refusal)
            }
        } catch {
            return fail(text(error, path))
        }
    }

    static func text(_ failure: ControlClient.Failure, _ path: String) -> String {
        switch failure {
        case .notRunning: "no server runs on \(path); start it with 'hostelry run --state \(path)'"
        case .denied:
            "the server on \(path) is another user's: ask as that user or as root, or have them give you a site ('hostelry "
                + "site owner add')"
        case .ended: "the server on \(path) ended before it answered"
        case .system(let reason): "the server on \(path) cannot be asked: \(reason)"
        }
    }
}

/// Events.
extension Execution {
    static func events(_ invocation: Invocation) -> Int32 {
        let since = UInt64(clamping: invocation.number(Commands.since) ?? 0)
        let follows = invocation.has(Commands.follow)
        let output = EventOutput(
            format: invocation.has(Commands.eventsJSON) ? .json : .text,
            level: invocation.text(Commands.level).flatMap(EventLevel.init(rawValue:)) ?? .information,
            site: invocation.text(Commands.eventsSite).map { EventObject.site($0).lowercased() },
            source: invocation.text(Commands.eventsSource))
        let path = statePath(invocation)
        if !follows, (try? ControlClient(stateFolder: path)) == nil {
            return kept(EventCursor(stateFolder: path, after: since), output)
        }
        return ask(.events(since: since, follows: follows), invocation) { client, _ throws(ControlClient.Failure) in
            do throws(ControlClient.Failure) {
                while true {
                    let line = try client.line()
                    guard line != Array(ControlAnswer.end.utf8) else { return 0 }
                    output.show(line)
                    if follows { fflush(nil) }
                }
            } catch {
                guard follows, error == .ended else { throw error }
                return 0
            }
        }
    }

    /// From the files, where no server runs.
    private static func kept(_ cursor: EventCursor, _ output: EventOutput) -> Int32 {
        var cursor = cursor
        do throws(FileError) {
            while true {
                let lines = try cursor.next()
                guard !lines.isEmpty else { return 0 }
                for line in lines.split(separator: UInt8(ascii: "\n")) { output.show(Array(line)) }
            }
        } catch {
            return fail("the events cannot be read: \(error)")
        }
    }
}

/// Prints events that matter enough.
private struct EventOutput {
    let format: EventFormat
    let level: EventLevel
    /// The object of the wanted ones, in lower case; nil for every one.
    let site: String?
    /// A choice of `Commands.eventsSource`; nil for every one.
    let source: String?

    func show(_ line: [UInt8]) {
        guard let record = EventRecord(line: line), record.event.kind.level >= level else { return }
        if let site, record.event.object.lowercased() != site { return }
        if let source, (source == "server") != (record.event.kind.source == .server) { return }
        print(record.line(format))
    }
}
