import Administration
import Arguments
import Events
import Glibc
import Platform

extension Execution {
    static func top(_ invocation: Invocation) -> Int32 {
        let interval = Int32(clamping: (invocation.number(Commands.interval) ?? 1) * 1000)
        let isWatched = !invocation.has(Commands.once) && !invocation.has(Commands.topJSON)
        guard isWatched, StandardInput.isTerminal, CurrentProcess.terminalWidth != nil else {
            return printRates(invocation, interval)
        }
        let path = statePath(invocation)
        // Nobody watches a server that is not there to begin with.
        do throws(ControlClient.Failure) {
            _ = try ControlClient(stateFolder: path)
        } catch {
            return fail(text(error, path))
        }
        return watch(path, interval)
    }

    /// One look, for scripts.
    private static func printRates(_ invocation: Invocation, _ interval: Int32) -> Int32 {
        ask(.metrics, invocation) { _, members throws(ControlClient.Failure) in
            usleep(UInt32(interval) * 1000)
            // The server may have closed the conversation meanwhile, as nothing was said in it.
            let client = try ControlClient(stateFolder: statePath(invocation))
            guard let first = ServerMetrics(members), case .done(let members) = try client.ask(.metrics),
                let second = ServerMetrics(members)
            else { return fail("the server's answer is not understood") }
            let rates = TrafficRates(from: first, to: second)
            if invocation.has(Commands.topJSON) {
                print(rates.json.text())
            } else {
                print(TopText(rates, width: CurrentProcess.terminalWidth ?? 200).text, terminator: "")
            }
            return 0
        }
    }

    /// The whole screen, until a key or a signal ends it.
    private static func watch(_ path: String, _ interval: Int32) -> Int32 {
        do throws(SystemError) {
            let signals = try SignalDescriptor([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH])
            let sampler = try TopSampler(stateFolder: path, interval: interval)
            try Thread.start { sampler.run() }
            return follow(sampler, signals)
        } catch {
            return fail("the server cannot be watched: \(error)")
        }
    }

    private static func follow(_ sampler: TopSampler, _ signals: borrowing SignalDescriptor) -> Int32 {
        guard let terminal = FullScreenTerminal() else { return fail("this is no terminal") }
        defer { terminal.restore() }
        var screen = TopScreen(columns: terminal.size.columns, rows: terminal.size.rows)
        var reader = TopKeyReader()
        while true {
            terminal.show(TopPicture.bytes(screen.lines))
            let (hasKeys, others) = terminal.wait(
                for: [signals.descriptor.number, sampler.descriptorNumber], timeout: -1)
            if others[0] {
                while let signal = signals.next() {
                    guard signal == SIGWINCH else { return 128 + signal }
                    screen.resize(columns: terminal.size.columns, rows: terminal.size.rows)
                }
            }
            if others[1] {
                switch sampler.take() {
                case .answer(let metrics, let requests)?: screen.received(metrics, requests)
                case .failure(let reason)?: screen.lost(reason)
                case nil: break
                }
            }
            guard hasKeys else { continue }
            // A terminal that is gone ends it.
            guard let bytes = terminal.keys() else { return 128 + SIGHUP }
            for key in reader.keys(bytes) where !screen.press(key) { return 0 }
            sampler.want(requests: screen.wantsRequests)
        }
    }
}
