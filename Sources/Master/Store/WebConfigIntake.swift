import Configuration
import ConfigurationStore
import HostModel
import Wire

/// What workers tell of web.config files, on its way to the mirror: the newest word on each file, so many of them at most,
/// and no more of one worker in a tick than it may say. Pools are written in turn: one that says much delays nobody else.
struct WebConfigIntake {
    /// Unit: nanoseconds.
    static let tick: UInt64 = 100_000_000
    /// A worker that has said so much in a tick is not listened to for the rest of it. Twice what ours say.
    static let reportsPerTick = 64
    static let bytesPerTick = 1 << 18
    /// So much waits at most; what comes then is asked for again. Unit: bytes of memory, about.
    static let waitingLimit = 32 << 20
    /// The same of one pool.
    static let poolLimit = waitingLimit / 4
    /// So many are written at once.
    static let batch = 256
    /// What a word takes beside its bytes, and what each of its sections takes. Unit: bytes.
    private static let wordCost = 256
    private static let sectionCost = 64

    private struct Place: Hashable {
        let site: UInt32
        let path: String
    }

    private struct Word {
        let report: WebConfigReport
        let cost: Int
        /// The configuration that whoever said it knew, by its number; nil where that was an older one.
        let configuration: Int?
    }

    private struct Use {
        var reports = 0
        var bytes = 0
    }

    /// What waits of a pool, first come, first written.
    private struct Queue {
        var words: [Place: Word] = [:]
        private var order: [Place] = []
        private var head = 0
        private(set) var cost = 0

        /// False where there is no room.
        mutating func take(_ word: Word, at place: Place, others: Int) -> Bool {
            let old = words[place]
            let after = cost - (old?.cost ?? 0) + word.cost
            guard after <= WebConfigIntake.poolLimit, others + after <= WebConfigIntake.waitingLimit,
                old != nil || words.count < WebConfigLimits.files
            else { return false }
            if old == nil { order.append(place) }
            words[place] = word
            cost = after
            return true
        }

        mutating func next() -> Word? {
            guard head < order.count, let word = words.removeValue(forKey: order[head]) else { return nil }
            head += 1
            cost -= word.cost
            if head > order.count / 2 {
                order.removeFirst(head)
                head = 0
            }
            return word
        }
    }

    private var queues: [String: Queue] = [:]
    /// The pools of `queues` in the order of their turns.
    private var turns: [String] = []
    private var cost = 0
    private var configuration = 0
    private var uses: [UInt64: Use] = [:]
    private var paused: [UInt64] = []
    private var lost: Set<String> = []

    /// Whether a tick is needed: something waits, or somebody.
    var isBusy: Bool { !queues.isEmpty || !uses.isEmpty }

    /// Takes a worker's word, and answers whether it is to be listened to further; else after the tick.
    ///
    /// - Parameters:
    ///   - pool: the name of the worker's pool.
    ///   - isInformed: whether the worker knows the configuration that the server has.
    mutating func receive(
        _ report: WebConfigReport, from worker: UInt64, of pool: String, isInformed: Bool
    ) -> Bool {
        keep(
            Word(report: report, cost: Self.cost(of: report), configuration: isInformed ? configuration : nil), of: pool
        )
        uses[worker, default: Use()].reports += 1
        uses[worker, default: Use()].bytes += report.size
        guard let use = uses[worker], use.reports >= Self.reportsPerTick || use.bytes >= Self.bytesPerTick else {
            return true
        }
        paused.append(worker)
        return false
    }

    private mutating func keep(_ word: Word, of pool: String) {
        let before = queues[pool]?.cost
        let place = Place(site: word.report.siteID, path: word.report.path)
        let others = cost - (before ?? 0)
        guard queues[pool, default: Queue()].take(word, at: place, others: others) else {
            if before == nil { queues[pool] = nil }
            lost.insert(pool)
            return
        }
        cost = others + (queues[pool]?.cost ?? 0)
        if before == nil { turns.append(pool) }
    }

    /// What it takes in memory, about. Unit: bytes.
    static func cost(of report: WebConfigReport) -> Int {
        var sections = 0
        if case .read(let all, _) = report.content { sections = all.count }
        return report.size + wordCost + sections * sectionCost
    }

    /// Those who are listened to again.
    mutating func tickEnded() -> [UInt64] {
        defer { (uses, paused) = ([:], []) }
        return paused
    }

    /// Another version of the configuration holds: nobody whose word waits knew it.
    mutating func versionChanged() { configuration += 1 }

    /// What is to be written now, `batch` at most: one word of each pool, and again.
    mutating func take() -> [ReportedFile] {
        var taken: [ReportedFile] = []
        while taken.count < Self.batch, !turns.isEmpty {
            let pool = turns.removeFirst()
            guard let word = queues[pool]?.next() else {
                queues[pool] = nil
                continue
            }
            turns.append(pool)
            cost -= word.cost
            taken.append(ReportedFile(word.report, of: pool, isInformed: word.configuration == configuration))
        }
        for pool in turns where queues[pool]?.words.isEmpty == true { queues[pool] = nil }
        turns.removeAll { queues[$0] == nil }
        return taken
    }

    /// The pools whose workers are to be asked again, for there is room.
    mutating func takeLost() -> Set<String> {
        let ready = lost.filter { queues[$0] == nil }
        lost.subtract(ready)
        return ready
    }
}

extension ReportedFile {
    init(_ report: WebConfigReport, of pool: String, isInformed: Bool) {
        let content: Content =
            switch report.content {
            case .absent: .absent
            case .read(let sections, let problem):
                .read(
                    sections.map { WrittenSection($0) },
                    problem: problem.map { Problem(line: Int($0.line), message: $0.message) })
            }
        self.init(
            pool: pool, siteID: report.siteID, path: report.path, file: report.file, content: content,
            isInformed: isInformed)
    }
}

extension WrittenSection {
    fileprivate init(_ section: WebConfigReport.Section) {
        let mode: OverrideMode =
            switch section.overrideMode {
            case .inherit: .inherit
            case .allow: .allow
            case .deny: .deny
            }
        self.init(
            path: section.location, section: section.name, fragment: section.fragment, overrideMode: mode,
            inherits: section.inherits, line: SourceLine(Int(section.line)))
    }
}
