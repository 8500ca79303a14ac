import Platform
import Synchronization

/// The log file of one process's output, and its successors. Everything here may wait for the disk: it is called on other
/// threads than the loop's, one call at a time.
final class OutputLogFile: Sendable {
    private struct State: ~Copyable {
        var file: OutputFile?
        /// The second in which the last file was begun, and its number in it.
        var time = ""
        var number = 0
    }

    private let name: OutputLogName
    private let limits: OutputLimits
    private let pid: Int32
    private let state = Mutex(State(file: nil))

    /// - Parameters:
    ///   - path: `stdoutLogFile`, absolute.
    ///   - pid: the worker's.
    init(_ path: String, pid: Int32, _ limits: OutputLimits) {
        name = OutputLogName(path)
        self.limits = limits
        self.pid = pid
    }

    /// How a writing went.
    struct Outcome: Sendable {
        /// How many bytes are in no file.
        var lost = 0
        var failure: FileError?
    }

    /// Begins the first file.
    func open() -> FileError? {
        state.withLock { state in
            do throws(FileError) {
                try begin(&state)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Adds `bytes`, from file to file as they are full: a file ends with a line where there is one.
    func write(_ bytes: [UInt8]) -> Outcome {
        state.withLock { state in
            var rest = bytes[...]
            do throws(FileError) {
                while !rest.isEmpty {
                    if state.file == nil { try begin(&state) }
                    let length = state.file?.length ?? 0
                    let part = rest.prefix(fitting(rest, behind: length))
                    guard !part.isEmpty else {
                        state.file = nil
                        continue
                    }
                    let result = state.file?.append(Array(part))
                    rest = rest.dropFirst(result?.count ?? 0)
                    // Somebody has removed it.
                    if result?.isUnlinked == true { state.file = nil }
                    if let error = result?.error { throw FileError(name.folder, error) }
                }
                return Outcome()
            } catch {
                return Outcome(lost: rest.count, failure: error)
            }
        }
    }

    /// How many of the bytes belong to the file that has `length` already; 0: none, it is full.
    private func fitting(_ bytes: ArraySlice<UInt8>, behind length: Int) -> Int {
        let room = limits.fileSize - length
        guard bytes.count > room else { return bytes.count }
        if room > 0, let end = bytes.prefix(room).lastIndex(of: UInt8(ascii: "\n")) {
            return end + 1 - bytes.startIndex
        }
        // A line longer than a whole file is divided.
        return length > 0 ? 0 : room
    }

    private func begin(_ state: inout State) throws(FileError) {
        let now = WallClock.seconds()
        let time = WallClock.digits(of: now)
        state.number = time == state.time ? state.number : 0
        state.time = time
        // Another process that started in the same second, of this application or of one that says the same name, has its
        // own.
        repeat {
            state.number += 1
            state.file = try OutputFile.create(name.path(time, pid: pid, number: state.number))
        } while state.file == nil
        removeSurplus(now)
    }

    /// What cannot be listed or removed stays.
    private func removeSurplus(_ now: Int64) {
        let oldest = limits.age.map { WallClock.digits(of: now - $0) }
        guard let names = try? Folder.names(in: name.folder) else { return }
        for file in name.surplus(of: names, keeping: limits.files, since: oldest) {
            try? Folder.removeFile(name.folder + file)
        }
    }
}
