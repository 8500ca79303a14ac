public import Platform

/// Goes on with what is written to a site's log, in whichever file of its folder.
public struct LogFollower: ~Copyable {
    private static let pieceSize = 1 << 18

    /// A file that lines are read from.
    private final class Reading {
        let file: OpenLogFile
        let followed: FollowedFile
        var lines: ForwardLines

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
        watch = try FolderWatch()
        number = try? watch.add(reader.folder)
    }

    /// Shows the lines that are there, and goes on behind them.
    public mutating func begin(last count: Int?) throws(SystemError) {
        guard number != nil else { return }
        for (name, position) in try reader.show(last: count) { open(name, from: position) }
        afterwards()
    }

    /// Shows what is written from now on; never returns.
    public mutating func run() {
        while true {
            if number == nil { waitForFolder() }
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
            for name in names.sorted() where LogFolderListing.isLog(name) { advance(name) }
            afterwards()
        }
    }

    /// The router makes the folder with the site's first request. Whatever happens in the nearest folder above may be that.
    private mutating func waitForFolder() {
        for name in readings.keys { advance(name) }
        afterwards()
        while true {
            var above = reader.folder
            var watched: Int32?
            while watched == nil, let slash = above.lastIndex(of: "/"), above != "/" {
                above = slash == above.startIndex ? "/" : String(above[..<slash])
                watched = try? watch.add(above)
            }
            // Looked for when the folder above is watched already: whatever comes later is heard of.
            if let found = try? watch.add(reader.folder) {
                number = found
                if let watched { watch.remove(watched) }
                for entry in (try? LogFolderListing.newestFirst(reader.folder)) ?? [] { advance(entry.name) }
                afterwards()
                return
            }
            _ = watch.descriptor.waitForInput(timeout: -1)
            _ = watch.happenings()
            if let watched { watch.remove(watched) }
        }
    }

    private mutating func advance(_ name: String) {
        guard let reading = readings[name] else { return open(name, from: nil) }
        let seen = try? FileStamp.of("\(reader.folder)/\(name)")
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
        if seen == nil { readings[name] = nil }
    }

    /// From the beginning where nothing of it has been read.
    private mutating func open(_ name: String, from position: LogPosition?) {
        do throws(SystemError) {
            let file = try OpenLogFile("\(reader.folder)/\(name)")
            var offset = position?.offset ?? 0
            if let position, position.stamp.inode != file.stamp.inode || position.stamp.device != file.stamp.device {
                offset = 0
            }
            let columns = try offset == 0 ? nil : LogSearch.columns(before: offset, in: file)?.columns
            let reading = Reading(file, ForwardLines(offset: offset, columns: columns))
            readings[name] = reading
            read(reading)
        } catch {
            // Gone again; whatever else is told.
            if error.reasonClass != .missing { told("\(error)") }
        }
    }

    private mutating func read(_ reading: Reading) {
        do throws(SystemError) {
            while true {
                let piece = try reading.file.bytes(at: reading.lines.position, count: Self.pieceSize)
                guard !piece.isEmpty else { return }
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
