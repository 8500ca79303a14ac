import Platform
import Synchronization

/// The debug log's file. Everything here may wait for the disk: it is called on other threads than the loop's.
final class DebugLogFile: Sendable {
    let path: String
    /// A file beyond it becomes `….old`, and the next begins. Unit: bytes.
    private let limit: Int
    private let file = Mutex<OutputFile?>(nil)

    init(_ path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    /// Adds lines; what cannot be written is lost.
    func write(_ bytes: [UInt8]) {
        file.withLock { file in
            if let length = file?.length, length + bytes.count > limit {
                try? Folder.moveFile(path, to: path + ".old")
                file = nil
            }
            if file == nil { file = try? OutputFile.open(path) }
            if file?.append(bytes).isUnlinked == true { file = nil }
        }
    }
}
