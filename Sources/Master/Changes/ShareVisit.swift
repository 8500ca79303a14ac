import Configuration
import ConfigurationStore
import Platform

/// One look at a shared folder, from a thread that may hang.
struct ShareVisit: Sendable {
    let files: Result<SharedFiles, ConfigurationError>
    /// The names that matter in each folder that the kernel watches, by the folders' numbers.
    let names: [Int32: Set<String>]
    /// The kind of network file system that the folder lies on, whose other machines' changes nobody announces.
    let network: String?

    /// Watches the folder first, so that nothing happens unnoticed between the two.
    static func make(to folder: SharedFolder, watching announcements: Announcements?) -> ShareVisit {
        do throws(ConfigurationError) {
            return try folder.asReader { () throws(ConfigurationError) in
                let names = announcements?.watch(folder) ?? [:]
                let files = Result { () throws(ConfigurationError) in try folder.read() }
                let network = SystemPath(folder.path.utf8).flatMap(NetworkFileSystem.name)
                return ShareVisit(files: files, names: names, network: network)
            }
        } catch {
            // Nobody reads it.
            return ShareVisit(files: .failure(error), names: [:], network: nil)
        }
    }

    /// Whether what happened may change what a visit finds.
    ///
    /// - Parameters:
    ///   - names: those of the last visit that ended.
    ///   - isUnderWay: another one has begun, which may watch folders already whose numbers nobody has been told.
    static func concerns(
        _ happening: FolderWatch.Happening, _ names: [Int32: Set<String>], isUnderWay: Bool
    ) -> Bool {
        guard happening.kind != .overflow else { return true }
        guard let wanted = names[happening.folder] else { return isUnderWay }
        return happening.kind == .folderGone || wanted.contains(happening.name)
    }

    /// The kernel's announcements of changes in a shared folder.
    final class Announcements: Sendable {
        private let folderWatch: FolderWatch

        init() throws(SystemError) { folderWatch = try FolderWatch() }

        var descriptorNumber: Int32 { folderWatch.descriptor.number }

        func happenings() -> [FolderWatch.Happening] { folderWatch.happenings() }

        func forget(_ folders: some Sequence<Int32>) { for number in folders { folderWatch.remove(number) } }

        /// What cannot be watched is left to the looks.
        fileprivate func watch(_ folder: SharedFolder) -> [Int32: Set<String>] {
            var names: [Int32: Set<String>] = [:]
            for place in FilePath.places(of: folder.serverFile) + FilePath.places(of: folder.administrationFile) {
                guard let number = try? folderWatch.add(place.folder) else { continue }
                names[number, default: []].insert(place.name)
            }
            return names
        }
    }
}
