import Configuration
import EventLoop
import HostModel
import Wire

/// Tells the master what the worker reads of web.config files, a while after it was read and a few at a time: requests
/// have no part in it.
final class WebConfigReporter: TimerHandler {
    /// How long readings are gathered. Unit: nanoseconds.
    private static let period: UInt64 = 25_000_000
    /// So many are told in a period, and no more once so many bytes are: what a request may have to wait for stays small.
    /// The master takes twice as much.
    private static let countPerPeriod = 8
    private static let bytesPerPeriod = 1 << 15

    private let loop: EventLoop
    private let send: (WebConfigReport) -> Void
    private lazy var signal = loop.signal { [weak self] in self?.wake() }
    private lazy var readings: WebConfigReadings = {
        let signal = signal
        return WebConfigReadings { signal.give() }
    }()
    private let timer = Timer()
    private var isRunning = false
    /// Whether a master listens.
    private var isHeard = false
    private var isWanted = false
    private var configuration: WorkerConfiguration?
    /// Fingerprints of what was told last, by the files' places.
    private var told: [Place: Int] = [:]

    private struct Place: Hashable {
        let site: UInt32
        let path: String
    }

    init(on loop: EventLoop, send: @escaping (WebConfigReport) -> Void) {
        self.loop = loop
        self.send = send
    }

    /// For the configuration system; nil where nobody ever asked.
    var observer: (any WebConfigObserver)? { isWanted ? readings : nil }

    /// A master wants to know: everything again.
    func begin() {
        isWanted = true
        isHeard = true
        told = [:]
        readings.repeatAll()
        wake()
    }

    /// There is no master, or none that has asked.
    func pause() { isHeard = false }

    /// What the configuration says of folders has changed: what is read from now on is told whatever was told before.
    func use(_ configuration: WorkerConfiguration) {
        self.configuration = configuration
        told = [:]
        readings.keep { configuration.place(of: $0) != nil }
    }

    private func wake() {
        guard !isRunning, isHeard else { return }
        isRunning = true
        loop.start(timer, after: Self.period, self)
    }

    func timerFired(_ timer: Timer) {
        isRunning = false
        guard isHeard else { return }
        var bytes = 0
        for _ in 0..<Self.countPerPeriod where bytes < Self.bytesPerPeriod {
            guard let reading = readings.take() else { return }
            bytes += tell(reading)
        }
        // Nothing more is signalled while something waits.
        wake()
    }

    /// How many bytes were told.
    private func tell(_ reading: WebConfigReading) -> Int {
        guard let report = configuration?.report(reading) else { return 0 }
        let place = Place(site: report.siteID, path: report.path)
        let fingerprint = report.hashValue
        guard told[place] != fingerprint else { return 0 }
        if told.count >= WebConfigLimits.files { told = [:] }
        told[place] = fingerprint
        send(report)
        return report.size
    }
}
