public import Configuration

/// The part of the server's file that one pool's workers may see (reference §8.6): its own pool, the sites that have an
/// application in it, and everything that is about no other site.
///
/// What is left out leaves its line ends, so that errors name the lines of the whole file.
public enum PoolSlice {
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// UTF-8 with a byte order mark.
    public static func bytes(of server: ServerConfiguration, pool: String, in model: HostModel) -> [UInt8] {
        let document = server.file.document
        let pool = pool.lowercased()
        var sites: Set<String> = []
        for site in model.sites where site.applications.contains(where: { $0.pool.lowercased() == pool }) {
            sites.insert(site.name.lowercased())
        }
        var left: [Range<Int>] = []
        // The document as written, not as it is read: what a mistake hides from the reader is somebody's all the same.
        for element in document.root.children {
            if element.name == "location" {
                let site = element["path"]?.split(separator: "/").first ?? "."
                if site != ".", !sites.contains(site.lowercased()) {
                    left.append(element.span)
                } else {
                    for inner in element.children { left += others(in: inner, pool: pool, sites: sites) }
                }
            } else {
                left += others(in: element, pool: pool, sites: sites)
            }
        }
        left.sort { $0.lowerBound < $1.lowerBound }
        return mark + without(left, document.text)
    }

    /// The entries of other pools and sites in a `system.applicationHost`.
    private static func others(in group: DocumentElement, pool: String, sites: Set<String>) -> [Range<Int>] {
        guard group.name == "system.applicationHost" else { return [] }
        var found: [Range<Int>] = []
        for section in group.children {
            for entry in section.children {
                let name = entry["name"]?.lowercased() ?? ""
                let isOwn: Bool
                switch (section.name, entry.name) {
                case ("applicationPools", "applicationPoolDefaults"): isOwn = true
                case ("applicationPools", let element): isOwn = element == "add" && name == pool
                case ("sites", "siteDefaults"), ("sites", "applicationDefaults"), ("sites", "virtualDirectoryDefaults"):
                    isOwn = true
                case ("sites", let element): isOwn = element == "site" && sites.contains(name)
                default: isOwn = true
                }
                if !isOwn { found.append(entry.span) }
            }
        }
        return found
    }

    private static func without(_ ranges: [Range<Int>], _ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        for range in ranges where range.lowerBound >= position {
            bytes += text[position..<range.lowerBound]
            for byte in text[range] where byte == 10 { bytes.append(10) }
            position = range.upperBound
        }
        return bytes + text[position...]
    }
}
