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

    /// What has happened since the last call, by folder: as much as the kernel tells at once, so that whoever writes into a
    /// folder without end costs a fair share of a turn. The rest comes with the next call.
    func changes() -> (changes: [String: Change], isAll: Bool) {
        var happenings: [FolderWatch.Happening] = []
        let isAll = !watch.takeHappenings(&happenings)
        var changed: [Int32: Change] = [:]
        for happening in happenings {
            guard let change = Self.change(happening) else { continue }
            // What nobody knows may have happened in any folder, whose numbers are positive.
            let number = happening.kind == .overflow ? Self.every : happening.folder
            if changed[number] != .offline { changed[number] = change }
        }
        guard !changed.isEmpty else { return ([:], isAll) }
        let numbers = numbers.withLock { $0 }
        return (numbers.compactMapValues { changed[Self.every] ?? changed[$0] }, isAll)
    }

    private static let every: Int32 = -1

    private static func change(_ happening: FolderWatch.Happening) -> Change? {
        switch happening.kind {
        case .overflow, .folderGone: return .offline
        case .settled, .touched, .gone:
            let name = happening.name.lowercased()
            return name == OfflinePage.name ? .offline : name == "web.config" ? .webConfig : nil
        }
    }
}
