import Events
import Platform

/// Where a master leaves its `Standing` to the next one.
final class StandingFile {
    private let path: String
    private let log: any EventRecorder
    private var isFailing = false

    init(stateFolder: String, log: any EventRecorder) {
        path = "\(stateFolder)/standing"
        self.log = log
    }

    /// Empty where no master of this run of the machine left anything.
    func read() -> Standing {
        (try? FileReader().read(path).bytes).flatMap { Standing(String(decoding: $0, as: UTF8.self)) } ?? Standing()
    }

    /// What cannot be written is told once.
    func write(_ standing: Standing) {
        do throws(FileError) {
            try Folder.replaceFile(path, with: Array(standing.text().utf8))
            isFailing = false
        } catch {
            guard !isFailing else { return }
            isFailing = true
            log.record(
                Event(
                    .registryNotWritten,
                    "What was started and stopped by hand, and failed, would be unknown to the next master: \(error)"))
        }
    }

    /// The server ends.
    func remove() { try? Folder.removeFile(path) }
}
