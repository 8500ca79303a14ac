internal import Glibc
public import Platform

/// Goes on with what is written to a site's log, in whichever file of its folder.
public struct LogFollower: ~Copyable {
    private static let pieceSize = 1 << 18
    /// So many files are open at the beginning, the newest; others when something is written to them.
    private static let openedFirst = 4
    /// Beyond so many open files the one that was silent longest is closed.
    private static let mostOpen = 16

    /// A file that lines are read from.
    private final class Reading {
        let file: OpenLogFile
        let followed: FollowedFile
        var lines: ForwardLines
        /// Nothing has the file's name, and its lines may go on until something has it.
        var isNameless = false
        /// When lines were read last, as a number of readings.
        var turn: UInt64 = 0

        init(_ file: consuming OpenLogFile, _ lines: ForwardLines) {
            followed = FollowedFile(file.stamp)
            self.file = file
            self.lines = lines
        }
    }

    private var reader: LogReader
    private let watch: FolderWatch
    private let told: (String) -> Void
    private let shown: () -> Void
    private var readings: [String: Reading] = [:]
    /// How far the files are read that are not open.
    private var passed: [String: LogPosition] = [:]
    private var turns: UInt64 = 0
    /// The folder's number; nil while there is none.
    private var number: Int32?
    private var toldMissing = 0

    /// Watches from now on; what was there before is shown by `begin`. `told` gets remarks, `shown` is called when lines
    /// were written.
    public init(
        _ reader: LogReader, told: @escaping (String) -> Void, shown: @escaping () -> Void
    ) throws(SystemError) {
        self.reader = reader
        self.told = told
        self.shown = shown
        let watch = try FolderWatch()
        number = try Self.add(reader.folder, to: watch)
        self.watch = watch
    }

    /// Nil where there is no such folder: one that may not be watched is an error, for nothing would ever be heard of it.
    private static func add(_ folder: String, to watch: borrowing FolderWatch) throws(SystemError) -> Int32? {
        do throws(SystemError) {
            return try watch.add(folder)
        } catch {
            guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
            return nil
        }
    }

    /// Shows the lines that are there, and goes on behind them.
    public mutating func begin(last count: Int?) throws(SystemError) {
        guard number != nil else { return }
        passed = try reader.show(last: count, isFollowed: true)
        let newest = passed.sorted { $0.value.stamp.modified > $1.value.stamp.modified }.prefix(Self.openedFirst)
        for (name, position) in newest { open(name, from: position) }
        afterwards()
    }

    /// Shows what is written from now on; never returns. Throws where the folder is gone and may not be waited for.
    public mutating func run() throws(SystemError) -> Never {
        while true {
            if number == nil { try waitForFolder() }
            _ = watch.descriptor.waitForInput(timeout: -1)
            var names: Set<String> = []
            var isAll = false
            for happening in watch.happenings() where happening.folder == number || happening.kind == .overflow {
                switch happening.kind {
                case .folderGone:
                    number = nil
                    isAll = true
                case .overflow: isAll = true
                case .settled, .touched, .gone: names.insert(happening.name)
                }
            }
            if isAll {
                names.formUnion(readings.keys)
                names.formUnion(((try? LogFolderListing.newestFirst(reader.folder)) ?? []).map(\.name))
            }
            for (name, reading) in readings where reading.isNameless { names.insert(name) }
            for name in names.sorted() where LogFolderListing.isLog(name) { advance(name) }
            afterwards()
        }
    }

    /// The router makes the folder with the site's first request. Whatever happens in the nearest folder above may be that.
    private mutating func waitForFolder() throws(SystemError) {
        for name in readings.keys { advance(name) }
        afterwards()
        // Watched until another is the nearest: taking a watch away is itself something that happens.
        var watched: Int32?
        while true {
            var above = reader.folder
            var nearest: Int32?
            while nearest == nil, let slash = above.lastIndex(of: "/"), above != "/" {
                above = slash == above.startIndex ? "/" : String(above[..<slash])
                nearest = try Self.add(above, to: watch)
            }
            if let watched, watched != nearest { watch.remove(watched) }
            watched = nearest
            // Looked for when the folder above is watched already: whatever comes later is heard of.
            if let found = try Self.add(reader.folder, to: watch) {
                number = found
                if let watched { watch.remove(watched) }
                for entry in (try? LogFolderListing.newestFirst(reader.folder)) ?? [] { advance(entry.name) }
                afterwards()
                return
            }
            _ = watch.descriptor.waitForInput(timeout: -1)
            _ = watch.happenings()
        }
    }

    private mutating func advance(_ name: String) {
        let seen = try? FileStamp.of("\(reader.folder)/\(name)")
        guard let reading = readings[name] else {
            let position = passed[name]
            if let position, let seen, position.isWithin(seen), position.offset == seen.size { return }
            if seen == nil { passed[name] = nil }
            return open(name, from: position)
        }
        reading.isNameless = seen == nil
        switch reading.followed.step(read: reading.lines.position, seen: seen) {
        case .nothing: return
        case .read: read(reading)
        case .startOver:
            told("\(name) was emptied; its new lines follow")
            reading.lines = ForwardLines(offset: 0, columns: nil)
            read(reading)
        case .replace:
            read(reading)
            readings[name] = nil
            open(name, from: nil)
        }
    }

    /// From the beginning where nothing of it has been read.
    private mutating func open(_ name: String, from position: LogPosition?) {
        do throws(SystemError) {
            let file = try OpenLogFile("\(reader.folder)/\(name)")
            let followed = FollowedFile(file.stamp)
            if let (former, reading) = readings.first(where: { $0.value.followed == followed }) {
                // It was given this name.
                readings[former] = nil
                readings[name] = reading
                reading.isNameless = false
                return read(reading)
            }
            var start: (offset: Int64, isWithinLine: Bool) = (0, false)
            if let position, position.isWithin(file.stamp) {
                start = try LogSearch.lineStart(before: position.offset, in: file)
            }
            let columns = try start.offset == 0 ? nil : LogSearch.columns(before: start.offset, in: file)?.columns
            let reading = Reading(
                file, ForwardLines(offset: start.offset, columns: columns, isWithinLine: start.isWithinLine))
            readings[name] = reading
            passed[name] = nil
            read(reading)
            closeIdle(but: name)
        } catch {
            // Gone again; whatever else is told.
            if error.reasonClass != .missing { told("\(error)") }
        }
    }

    private mutating func closeIdle(but opened: String) {
        let others = readings.filter { $0.key != opened }
        guard readings.count > Self.mostOpen, let idle = others.min(by: { $0.value.turn < $1.value.turn }) else {
            return
        }
        readings[idle.key] = nil
        guard !idle.value.isNameless else { return }
        passed[idle.key] = LogPosition(stamp: idle.value.file.stamp, offset: idle.value.lines.end)
    }

    private mutating func read(_ reading: Reading) {
        do throws(SystemError) {
            while true {
                let piece = try reading.file.bytes(at: reading.lines.position, count: Self.pieceSize)
                guard !piece.isEmpty else { return }
                turns += 1
                reading.turn = turns
                reader.show(&reading.lines, piece)
            }
        } catch {
            told("\(reading.file.path): \(error)")
        }
    }

    private mutating func afterwards() {
        shown()
        for name in reader.missing.dropFirst(toldMissing) { told(LogReader.text(missing: name)) }
        toldMissing = reader.missing.count
    }
}

extension LogReader {
    /// What to say where a field is asked about that is not logged.
    public static func text(missing name: String) -> String {
        "the log has no field \(name) (logExtFileFlags), so that nothing can be chosen by it"
    }
}
