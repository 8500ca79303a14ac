internal import HostModel
internal import Platform

/// What a pool's workers read of something that lies at a path: all of it, or folders in it.
struct ContentReader: Equatable {
    /// As names from there on; one without names is everything. None lies in another one.
    private(set) var folders: Set<[String]> = []
    /// Folders above those, served by the same site, whose web.config holds for them.
    private(set) var configured: Set<[String]> = []

    /// Those that are passed through on the way.
    var passed: Set<[String]> {
        Set(folders.flatMap { names in names.indices.map { Array(names[..<$0]) } })
    }

    /// By the names of the pools that have a virtual directory there, above it or below it.
    static func all(of path: String, in model: HostModel) -> [String: ContentReader] {
        var readers: [String: ContentReader] = [:]
        for site in model.sites {
            let folders = site.applications.flatMap(\.virtualDirectories).map(\.physicalPath)
            let configured = Set(folders.compactMap { names(from: path, to: $0) })
            for application in site.applications {
                let own = application.virtualDirectories.map(\.physicalPath).compactMap { folder in
                    FilePath.isInside(path, folder) ? [] : names(from: path, to: folder)
                }
                guard !own.isEmpty else { continue }
                readers[application.pool, default: ContentReader()].add(Set(own), configured)
            }
        }
        return readers
    }

    /// Those of another pool with the same user.
    mutating func add(_ other: ContentReader) { add(other.folders, other.configured) }

    private mutating func add(_ folders: Set<[String]>, _ configured: Set<[String]>) {
        let all = self.folders.union(folders)
        self.folders = all.filter { names in !names.indices.contains { all.contains(Array(names[..<$0])) } }
        self.configured.formUnion(configured)
    }

    /// The names that lead from a folder to one in it; nil where it lies elsewhere.
    private static func names(from path: String, to folder: String) -> [String]? {
        guard FilePath.isInside(folder, path) else { return nil }
        return folder.utf8.dropFirst(path.utf8.count).split(separator: UInt8(ascii: "/")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
