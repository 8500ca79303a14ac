/// What of the site lies below a folder without being in it.
extension Resolution {
    /// The names of the applications and virtual directories directly below the path, sorted, each once.
    public var mounts: [[UInt8]] {
        let folder = path.last == 0x2F ? path.dropLast() : path[...]
        var names: Set<[UInt8]> = []
        for application in site.applications {
            for directory in application.virtualDirectories {
                let place = directory.path
                guard place.count > folder.count + 1, SiteNode.begins(place.span, with: Array(folder)) else { continue }
                let name = place.dropFirst(folder.count + 1)
                if !name.contains(0x2F) { names.insert(Array(name)) }
            }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
