import Platform
import Synchronization

/// Tells which of the applications' folders has changed. Folders are added from any thread.
final class FolderWatcher: Sendable {
    private let watch: FolderWatch
    /// The kernel's numbers by path: a folder that was replaced has another.
    private let numbers = Mutex<[String: Int32]>([:])

    var descriptorNumber: Int32 { watch.descriptor.number }

    /// Throws where the user may have no more of them (`fs.inotify.max_user_instances`).
    init() throws(SystemError) { watch = try FolderWatch() }

    /// Watches a folder; false where the kernel does not. Of such a one, requests find out.
    func add(_ folder: String) -> Bool {
        guard let number = try? watch.add(folder) else { return false }
        let before = numbers.withLock { numbers in
            defer { numbers[folder] = number }
            return numbers[folder]
        }
        // A path that leads to another folder now.
        if let before, before != number { watch.remove(before) }
        return true
    }

    func remove(_ folder: String) {
        let number = numbers.withLock { $0.removeValue(forKey: folder) }
        if let number { watch.remove(number) }
    }

    /// What matters of a folder.
    enum Change: Equatable {
        /// `app_offline.htm` came, went or changed, or nobody knows what happened.
        case offline
        case webConfig
    }

    /// What has happened since the last call, by folder.
    func changes() -> [String: Change] {
        let happenings = watch.happenings()
        guard !happenings.isEmpty else { return [:] }
        let numbers = numbers.withLock { $0 }
        var changes: [String: Change] = [:]
        for happening in happenings {
            guard let change = Self.change(happening) else { continue }
            for (folder, number) in numbers where number == happening.folder || happening.kind == .overflow {
                if changes[folder] != .offline { changes[folder] = change }
            }
        }
        return changes
    }

    private static func change(_ happening: FolderWatch.Happening) -> Change? {
        switch happening.kind {
        case .overflow, .folderGone: return .offline
        case .settled, .touched, .gone:
            let name = happening.name.lowercased()
            return name == OfflinePage.name ? .offline : name == "web.config" ? .webConfig : nil
        }
    }
}
