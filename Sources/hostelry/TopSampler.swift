import Administration
import Platform
import Synchronization

/// Asks the server for metrics at an interval, on a thread of its own, so that no key waits for an answer.
final class TopSampler: Sendable {
    enum Sample {
        case answer(ServerMetrics, RequestList?)
        case failure(String)
    }

    private struct State {
        /// The newest that was not taken.
        var sample: Sample?
        var wantsRequests = false
    }

    /// A server that does not answer within so long is away. Unit: milliseconds.
    private static let patience: Int32 = 5000

    /// Looks that are farther apart have a conversation each: the server closes one in which nothing is said for 30 s.
    /// Unit: milliseconds.
    private static let longestSilence: Int32 = 20_000

    private let stateFolder: String
    /// Unit: milliseconds.
    private let interval: Int32
    private let state = Mutex(State())
    /// Tells that there is a sample.
    private let news: WakeUp
    /// Tells that the next one is wanted now.
    private let haste: WakeUp

    init(stateFolder: String, interval: Int32) throws(SystemError) {
        self.stateFolder = stateFolder
        self.interval = interval
        news = try WakeUp()
        haste = try WakeUp()
    }

    /// Readable where there is a sample.
    var descriptorNumber: Int32 { news.descriptor.number }

    func take() -> Sample? {
        news.clear()
        return state.withLock { state in
            defer { state.sample = nil }
            return state.sample
        }
    }

    /// Whether samples are to have the requests in work; where that is new, one is taken now.
    func want(requests: Bool) {
        let isNew = state.withLock { state in
            defer { state.wantsRequests = requests }
            return requests && !state.wantsRequests
        }
        if isNew { haste.signal() }
    }

    /// Never ends.
    func run() {
        var client: ControlClient?
        while true {
            let sample: Sample
            do throws(ControlClient.Failure) {
                if client == nil { client = try ControlClient(stateFolder: stateFolder, patience: Self.patience) }
                guard let client else { continue }
                sample = try ask(client)
            } catch {
                client = nil
                sample = .failure(Execution.text(error, stateFolder))
            }
            state.withLock { $0.sample = sample }
            news.signal()
            if interval >= Self.longestSilence { client = nil }
            if haste.descriptor.waitForInput(timeout: interval) { haste.clear() }
        }
    }

    private func ask(_ client: ControlClient) throws(ControlClient.Failure) -> Sample {
        guard case .done(let members) = try client.ask(.metrics), let metrics = ServerMetrics(members) else {
            return .failure("it does not know how to tell what it counted")
        }
        guard state.withLock({ $0.wantsRequests }), case .done(let answer) = try client.ask(.requests) else {
            return .answer(metrics, nil)
        }
        return .answer(metrics, RequestList(answer))
    }
}
