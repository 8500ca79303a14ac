import Configuration
import HostModel
import Synchronization

/// The web.config files that the worker has read, and which of these readings are not told yet. For any thread.
final class WebConfigReadings: WebConfigObserver {
    private struct State {
        /// The newest reading of each file that is there. Their documents are the configuration's own.
        var known: [ConfigurationPath: WebConfigReading] = [:]
        var waiting: [ConfigurationPath: WebConfigReading] = [:]
        /// Whether somebody has been told that something waits.
        var isSignalled = false
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
            state.known[reading.path] = reading.isFound ? reading : nil
            state.waiting[reading.path] = reading
            return true
        }
    }

    func foundNothing(at path: ConfigurationPath) {
        note { state in
            guard !state.known.isEmpty, state.known.removeValue(forKey: path) != nil else { return false }
            state.waiting[path] = WebConfigReading(nothingAt: path)
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

    /// At most so many that wait; where none is left, the next one is signalled again.
    func take(_ count: Int) -> [WebConfigReading] {
        state.withLock { state in
            var taken: [WebConfigReading] = []
            while taken.count < count, let (path, reading) = state.waiting.first {
                state.waiting[path] = nil
                taken.append(reading)
            }
            if state.waiting.isEmpty { state.isSignalled = false }
            return taken
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
