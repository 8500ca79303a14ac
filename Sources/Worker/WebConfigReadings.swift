import Configuration
import HostModel
import Synchronization

/// The web.config files that the worker has read, and which of these readings are not told yet. For any thread.
final class WebConfigReadings: WebConfigObserver {
    private struct Numbered {
        var reading: WebConfigReading
        let number: Int
    }

    private struct State {
        /// The newest reading of each file that is there. Their documents are the configuration's own.
        var known: [ConfigurationPath: Numbered] = [:]
        var waiting: [ConfigurationPath: Numbered] = [:]
        private var count = 0
        /// Whether somebody has been told that something waits.
        var isSignalled = false

        mutating func note(_ reading: WebConfigReading) {
            count += 1
            let numbered = Numbered(reading: reading, number: count)
            known[reading.path] = reading.isFound ? numbered : nil
            waiting[reading.path] = numbered
        }
    }

    private let state = Mutex(State())
    private let signal: @Sendable () -> Void

    /// - Parameter signal: called when something waits, once until `take`.
    init(signal: @escaping @Sendable () -> Void) { self.signal = signal }

    func read(_ reading: WebConfigReading) {
        note { state in
            let isKnown = state.known[reading.path] != nil
            // Of a folder without a file the master knows nothing, unless an earlier worker found one in an application's own.
            let isNews = reading.isFound ? state.known.count < WebConfigLimits.files : reading.isApplicationRoot
            guard isKnown || isNews else { return false }
            state.note(reading)
            return true
        }
    }

    func foundNothing(at path: ConfigurationPath) {
        note { state in
            guard !state.known.isEmpty, state.known[path] != nil else { return false }
            state.note(WebConfigReading(nothingAt: path))
            return true
        }
    }

    /// Lets every file that is there be told again.
    func repeatAll() {
        note { state in
            state.waiting.merge(state.known) { waiting, _ in waiting }
            return !state.waiting.isEmpty
        }
    }

    /// One that waits; where none is left, the next one is signalled again. It holds no configuration any more, and neither
    /// does what is kept of it.
    func take() -> WebConfigReading? {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()?.value
            if state.waiting.isEmpty { state.isSignalled = false }
            return next
        }
        guard let next else { return nil }
        let settled = next.reading.settled
        state.withLock { state in
            if state.known[settled.path]?.number == next.number { state.known[settled.path]?.reading = settled }
        }
        return settled
    }

    /// Lets go of what another configuration has no place for.
    func keep(where isKept: (WebConfigReading) -> Bool) {
        let all = state.withLock { Array($0.known.values) + Array($0.waiting.values) }
        let gone = Set(all.filter { !isKept($0.reading) }.map(\.number))
        guard !gone.isEmpty else { return }
        state.withLock { state in
            state.known = state.known.filter { !gone.contains($0.value.number) }
            state.waiting = state.waiting.filter { !gone.contains($0.value.number) }
        }
    }

    private func note(_ change: (inout State) -> Bool) {
        let isNews = state.withLock { state in
            guard change(&state), !state.isSignalled else { return false }
            state.isSignalled = true
            return true
        }
        if isNews { signal() }
    }
}
