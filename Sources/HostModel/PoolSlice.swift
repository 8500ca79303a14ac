public import Configuration

/// The part of the server's file that one pool's workers may see (reference §8.6): its own pool, the sites that have an
/// application in it, and everything that is about no other site.
///
/// What is left out leaves its line ends, so that errors name the lines of the whole file.
public enum PoolSlice {
    /// UTF-8 with a byte order mark.
    public static func bytes(of server: ServerConfiguration, pool: String, in model: HostModel) -> [UInt8] {
        let document = server.file.document
        let pool = pool.lowercased()
        var sites: Set<String> = []
        for site in model.sites where site.applications.contains(where: { $0.pool.lowercased() == pool }) {
            sites.insert(site.name.lowercased())
        }
        var left: [Range<Int>] = []
        for item in server.section("system.applicationHost/applicationPools").items {
            guard item.string("name").lowercased() != pool, let element = item.document else { continue }
            if element.document === document { left.append(element.span) }
        }
        for item in server.section("system.applicationHost/sites").items {
            guard !sites.contains(item.string("name").lowercased()), let element = item.document else { continue }
            left.append(element.span)
        }
        for element in document.root.children where element.name == "location" {
            guard let site = element["path"]?.split(separator: "/").first, site != ".",
                !sites.contains(site.lowercased())
            else { continue }
            left.append(element.span)
        }
        left.sort { $0.lowerBound < $1.lowerBound }
        return [0xEF, 0xBB, 0xBF] + without(left, document.text)
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
