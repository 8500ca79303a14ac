public import Configuration
internal import HostModel
internal import Platform

/// The folders of some sites, found and measured before any of it is copied.
public struct ContentSurvey: Sendable {
    struct Folder: Sendable {
        /// As `physicalPath` writes it, without a slash at the end.
        let written: String
        /// The same with its variables.
        let path: String
    }

    /// Those that lie in none of the others.
    let folders: [Folder]
    public let amount: ContentAmount
    /// What stays behind, and why.
    public let notes: [String]

    /// - Parameters:
    ///   - reserved: files and folders of the server's own: a site's folder that holds one of them is not exported.
    public static func of(
        _ names: [String], in server: ServerConfiguration, reserved: [String]
    ) throws(TransferError) -> ContentSurvey {
        try ContentSurvey(names, server, reserved)
    }

    /// - Parameter listLimit: what the list of it may be. Unit: bytes.
    init(
        _ names: [String], _ server: ServerConfiguration, _ reserved: [String], listLimit: Int = ContentList.sizeLimit
    ) throws(TransferError) {
        var notes = ContentNotes()
        var folders: [Folder] = []
        let wanted = Set(names.map { $0.lowercased() })
        for folder in Self.directories(of: server, wanted) {
            guard !VirtualDirectory.isWindowsPath(folder.path), folder.path.hasPrefix("/") else {
                notes.add("\(folder.written) is no folder of this machine and stays behind")
                continue
            }
            guard FilePath.resolved(folder.path) != nil else {
                notes.add("there is no folder \(folder.path); nothing of it is exported")
                continue
            }
            for file in reserved where Self.holds(folder.path, file) {
                throw TransferError(
                    "the folder \(folder.path) holds \(file), which is no content; export to a folder outside it, or move "
                        + "the content into a folder of its own")
            }
            folders.append(folder)
        }
        self.folders = folders.filter { folder in
            // Inside by both names, or it might lie elsewhere on another machine.
            !folders.contains { other in
                folder.path.hasPrefix(other.path + "/") && folder.written.hasPrefix(other.written + "/")
            }
        }
        var measure = ContentMeasure(listLimit: listLimit, notes: notes)
        for folder in self.folders { try measure.add(folder.path) }
        amount = measure.amount
        self.notes = measure.notes.lines
    }

    /// Every folder that a virtual directory of the sites names, once.
    private static func directories(of server: ServerConfiguration, _ wanted: Set<String>) -> [Folder] {
        var folders: [Folder] = []
        let sites = server.file.occurrences.first {
            $0.section == "system.applicationHost/sites" && $0.location.path == nil
        }
        for site in sites?.element.children.filter({ $0.name == "site" }) ?? [] {
            guard wanted.contains(site["name"]?.lowercased() ?? "") else { continue }
            for application in site.children where application.name == "application" {
                for directory in application.children where directory.name == "virtualDirectory" {
                    guard let written = directory["physicalPath"], !written.isEmpty else { continue }
                    let folder = Folder(
                        written: FilePath.trimmed(written), path: FilePath.trimmed(server.environment.expand(written)))
                    if !folders.contains(where: { $0.written == folder.written }) { folders.append(folder) }
                }
            }
        }
        return folders
    }

    private static func holds(_ folder: String, _ file: String) -> Bool {
        let (folder, file) = (FilePath.resolved(folder) ?? folder, FilePath.resolved(file) ?? file)
        return folder == "/" || file == folder || file.hasPrefix(folder + "/")
    }
}

/// The first of many things to say, and how many more there are.
struct ContentNotes {
    /// Who wants to see more can do something about the first ones.
    static let limit = 20

    private var kept: [String] = []
    private var count = 0

    mutating func add(_ note: String) {
        count += 1
        if kept.count < Self.limit { kept.append(note) }
    }

    var isEmpty: Bool { count == 0 }
    var lines: [String] { count > kept.count ? kept + ["and \(count - kept.count) more"] : kept }
}
