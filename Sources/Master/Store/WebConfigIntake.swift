import Configuration
import ConfigurationStore
import HostModel
import Wire

/// What workers tell of web.config files, on its way to the mirror: the newest word on each file, so many of them at most,
/// and no more of one worker in a tick than it may say.
struct WebConfigIntake {
    /// Unit: nanoseconds.
    static let tick: UInt64 = 100_000_000
    /// A worker that has said so much in a tick is not listened to for the rest of it. Twice what ours say.
    static let reportsPerTick = 64
    static let bytesPerTick = 1 << 18
    /// So much waits at most; what comes then is asked for again. Unit: bytes.
    static let waitingLimit = 32 << 20
    /// So many are written at once.
    static let batch = 256

    private struct Place: Hashable {
        let pool: String
        let site: UInt32
        let path: String
    }

    private struct Word {
        let report: WebConfigReport
        var isInformed: Bool
    }

    private struct Use {
        var reports = 0
        var bytes = 0
    }

    private var waiting: [Place: Word] = [:]
    private var waitingBytes = 0
    private var uses: [UInt64: Use] = [:]
    private var paused: [UInt64] = []
    private var lost: Set<String> = []

    /// Whether a tick is needed: something waits, or somebody.
    var isBusy: Bool { !waiting.isEmpty || !uses.isEmpty }

    /// Takes a worker's word, and answers whether it is to be listened to further; else after the tick.
    ///
    /// - Parameters:
    ///   - pool: the name of the worker's pool.
    ///   - isInformed: whether the worker knows the configuration that the server has.
    mutating func receive(
        _ report: WebConfigReport, from worker: UInt64, of pool: String, isInformed: Bool
    ) -> Bool {
        let size = report.size
        let place = Place(pool: pool, site: report.siteID, path: report.path)
        let before = waiting[place]?.report.size ?? 0
        if waitingBytes - before + size <= Self.waitingLimit {
            waiting[place] = Word(report: report, isInformed: isInformed)
            waitingBytes += size - before
        } else {
            lost.insert(pool)
        }
        uses[worker, default: Use()].reports += 1
        uses[worker, default: Use()].bytes += size
        guard let use = uses[worker], use.reports >= Self.reportsPerTick || use.bytes >= Self.bytesPerTick else {
            return true
        }
        paused.append(worker)
        return false
    }

    /// Those who are listened to again.
    mutating func tickEnded() -> [UInt64] {
        defer { (uses, paused) = ([:], []) }
        return paused
    }

    /// Another version of the configuration holds: nobody whose word waits knew it.
    mutating func versionChanged() {
        for place in waiting.keys { waiting[place]?.isInformed = false }
    }

    /// What is to be written now, `batch` at most.
    mutating func take() -> [ReportedFile] {
        let taken = Array(waiting.prefix(Self.batch))
        for (place, word) in taken {
            waiting[place] = nil
            waitingBytes -= word.report.size
        }
        return taken.map { place, word in
            ReportedFile(word.report, of: place.pool, isInformed: word.isInformed)
        }
    }

    /// The pools whose workers are to be asked again, when there is room.
    mutating func takeLost() -> Set<String> {
        guard waiting.isEmpty else { return [] }
        defer { lost = [] }
        return lost
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
