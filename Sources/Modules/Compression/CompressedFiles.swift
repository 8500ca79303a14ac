import Pipeline
import Platform

/// The worker's compressed forms of files: small ones in memory, large ones by their place on disk.
///
/// A form that is asked for first is looked for on disk; where it is not there, the file is compressed on another thread
/// when it is asked for often, one file at a time, and until then goes out as it is.
final class CompressedFiles {
    /// The largest form that is held in memory. Unit: bytes; the router's cache takes no larger body.
    static let maximumHeld = 262_144
    /// What all forms may take in memory. Unit: bytes.
    private static let capacity: Int64 = 8 << 20
    /// What the table of one form takes, roughly. Unit: bytes.
    private static let entryCost: Int64 = 512
    /// How many files wait to be compressed; further ones wait to be asked for again.
    private static let maximumQueue = 64

    enum Answer {
        case memory([UInt8])
        case file(FileBody)
        /// The file itself is to be sent; its form may soon be there.
        case notYet
        /// The file itself is to be sent.
        case none
    }

    /// The file that is asked for.
    struct Source {
        let key: CompressedFileKey
        let stamp: FileStamp
        let root: SystemPath
        let relative: SystemPath
    }

    /// When a file is compressed.
    struct Frequency {
        let threshold: Int
        /// Unit: nanoseconds.
        let period: Int64
    }

    private final class Entry {
        enum State {
            /// Another thread looks whether it is there.
            case sought([() -> Void])
            /// Not there.
            case missing
            /// Another thread makes it, or will.
            case made
            case held([UInt8])
            case stored
            case useless
        }

        let stamp: FileStamp
        var state = State.sought([])
        var hits = HitCount()

        init(_ stamp: FileStamp) { self.stamp = stamp }
    }

    private let services: any ModuleServices
    private let folder: CompressedFolder
    private let clock: () -> Int64
    private var entries = BoundedTable<CompressedFileKey, Entry>()
    private var queue: [(job: CompressionJob, entry: Entry)] = []
    private var isWorking = false

    /// - Parameter clock: nanoseconds since 1970, the clock of the file system's stamps.
    init(_ services: any ModuleServices, _ folder: CompressedFolder, clock: @escaping () -> Int64) {
        self.services = services
        self.folder = folder
        self.clock = clock
    }

    /// The form of a file. Nil when it must be waited for: `whenFound` gets it then, and only then.
    ///
    /// - Parameter frequency: nil where the file is not to be compressed now.
    func find(_ source: Source, _ frequency: Frequency?, whenFound: @escaping (Answer) -> Void) -> Answer? {
        let entry = entry(source)
        if case .sought(let waiting) = entry.state {
            entry.state = .sought(
                waiting + [
                    { [self] in
                        if let answer = settled(entry, source, frequency, whenFound) { whenFound(answer) }
                    }
                ])
            return nil
        }
        return settled(entry, source, frequency, whenFound)
    }

    /// The answer of an entry that is known. Large forms are opened for each response, by another thread.
    private func settled(
        _ entry: Entry, _ source: Source, _ frequency: Frequency?, _ whenFound: @escaping (Answer) -> Void
    ) -> Answer? {
        guard case .stored = entry.state else { return answer(entry, source, frequency) }
        var isWaiting = false
        var opened: Answer?
        let folder = folder
        services.perform {
            OpenForm(source, in: folder)
        } then: { (form: OpenForm?) in
            if form == nil, case .stored = entry.state { entry.state = .missing }
            let body = form.map { FileBody($0.file, offset: $0.offset, length: $0.length) }
            opened = if let body { .file(body) } else { Answer.none }
            if isWaiting, let opened { whenFound(opened) }
        }
        isWaiting = opened == nil
        return opened
    }

    private func entry(_ source: Source) -> Entry {
        if let known = entries.find(source.key), known.stamp == source.stamp { return known }
        let entry = Entry(source.stamp)
        insert(entry, source.key, length: 0)
        let folder = folder
        services.perform {
            source.key.level < 0 ? Self.readFile(source) : Self.readForm(source, in: folder)
        } then: { [self] found in
            report()
            guard case .sought(let waiting) = entry.state else { return }
            apply(found, entry, source.key)
            for each in waiting { each() }
        }
        return entry
    }

    private func insert(_ entry: Entry, _ key: CompressedFileKey, length: Int) {
        entries.insert(entry, key, cost: Int64(length) + Self.entryCost, capacity: Self.capacity)
    }

    private func answer(_ entry: Entry, _ source: Source, _ frequency: Frequency?) -> Answer {
        switch entry.state {
        case .held(let bytes): return .memory(bytes)
        case .useless, .sought, .stored: return .none
        case .made: return .notYet
        case .missing:
            guard let frequency else { return .none }
            let now = Int64(services.now) * 1_000_000
            guard entry.hits.count(at: now, threshold: frequency.threshold, within: frequency.period) else {
                return .notYet
            }
            // A further write could leave the same stamp as yet.
            guard source.stamp.isSettled(at: clock()) else { return .notYet }
            guard queue.count < Self.maximumQueue else { return .none }
            entry.state = .made
            let job = CompressionJob(
                key: source.key, stamp: source.stamp, root: source.root, relative: source.relative, folder: folder)
            queue.append((job, entry))
            workOn()
            return .notYet
        }
    }

    private func workOn() {
        guard !isWorking, !queue.isEmpty else { return }
        isWorking = true
        let (job, entry) = queue.removeFirst()
        services.perform {
            job.run()
        } then: { [self] outcome in
            isWorking = false
            report()
            apply(outcome, entry, job.key)
            workOn()
        }
    }

    private func apply(_ outcome: CompressionJob.Outcome, _ entry: Entry, _ key: CompressedFileKey) {
        switch outcome {
        case .memory(let bytes):
            entry.state = .held(bytes)
            // An entry that a newer state of the file has replaced is not put back.
            if let current = entries.find(key), current === entry { insert(entry, key, length: bytes.count) }
        case .stored: entry.state = .stored
        case .useless: entry.state = .useless
        case .changed: entry.state = .missing
        case .failed(let reason):
            entry.state = .useless
            services.report(reason)
        }
    }

    private func report() {
        for line in folder.takeTroubles() { services.report(line) }
    }

    private static func readForm(_ source: Source, in folder: CompressedFolder) -> CompressionJob.Outcome {
        guard let stored = folder.open(source.key, source.stamp) else { return .changed }
        folder.touch(source.key)
        return read(stored.descriptor, stored.offset, stored.length)
    }

    private static func readFile(_ source: Source) -> CompressionJob.Outcome {
        guard let file = try? FileDescriptor.open(source.relative, beneath: source.root),
            let found = try? FileInformation.of(file), found.kind == .regular, found.stamp == source.stamp
        else { return .useless }
        return read(file, 0, source.stamp.size)
    }

    private static func read(
        _ file: borrowing FileDescriptor, _ offset: Int64, _ length: Int64
    ) -> CompressionJob.Outcome {
        guard length <= Int64(maximumHeld) else { return .stored }
        var bytes: [UInt8] = []
        guard (try? file.read(Int(length), at: offset, into: &bytes)) == Int(length) else { return .changed }
        return .memory(bytes)
    }
}

/// A large form that was opened for a response.
private struct OpenForm: Sendable {
    let file: OpenFile
    let offset: Int64
    /// Unit: bytes.
    let length: Int64

    /// Nil where it is not there any more. May wait for the disk.
    init?(_ source: CompressedFiles.Source, in folder: CompressedFolder) {
        if source.key.level < 0 {
            guard let descriptor = try? FileDescriptor.open(source.relative, beneath: source.root),
                (try? FileInformation.of(descriptor))?.stamp == source.stamp
            else { return nil }
            (offset, length) = (0, source.stamp.size)
            file = OpenFile(descriptor)
        } else {
            guard let stored = folder.open(source.key, source.stamp) else { return nil }
            (offset, length) = (stored.offset, stored.length)
            file = OpenFile(stored.descriptor)
        }
    }
}
