internal import Operations

/// A URL in place of an object's name: `http://www.example.com/shop`.
enum URLIdentifier {
    static func isURL(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    /// The site whose binding takes it, and the path in it; nil where none does.
    static func place(of text: String, in objects: HostedObjects) -> (site: HostedSite, path: String)? {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...].prefix { $0 != "?" && $0 != "#" }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (host, port) = authority(rest[..<slash], scheme)
        let path = slash < rest.endIndex ? String(rest[slash...]) : "/"
        var best: (site: HostedSite, rank: Int)?
        for site in objects.sites {
            for binding in site.bindings {
                guard let rank = rank(binding, scheme, host, port), rank > (best?.rank ?? -1) else { continue }
                best = (site, rank)
            }
        }
        return best.map { ($0.site, path) }
    }

    private static func authority(_ text: Substring, _ scheme: String) -> (host: String, port: String) {
        let usual = scheme == "https" ? "443" : "80"
        let end = text.lastIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
        guard let colon = text[end...].lastIndex(of: ":") else { return (text.lowercased(), usual) }
        return (text[..<colon].lowercased(), String(text[text.index(after: colon)...]))
    }

    /// How well a binding fits: an exact host before a pattern before none; nil where it does not.
    private static func rank(_ binding: String, _ scheme: String, _ host: String, _ port: String) -> Int? {
        guard binding.lowercased().hasPrefix(scheme + "/") else { return nil }
        let information = binding.dropFirst(scheme.count + 1)
        guard let last = information.lastIndex(of: ":") else { return nil }
        let wanted = information[information.index(after: last)...].lowercased()
        let front = information[..<last]
        guard let middle = front.lastIndex(of: ":"), front[front.index(after: middle)...] == port else { return nil }
        let address = front[..<middle].lowercased()
        let isAny = address.isEmpty || address == "*"
        if wanted.isEmpty || wanted == "*" {
            // A binding of one address takes requests for that address, or by any name where it is of all.
            return isAny ? 0 : address == host ? 1 : nil
        }
        if wanted == host { return 3 }
        return wanted.hasPrefix("*.") && host.hasSuffix(wanted.dropFirst()) ? 2 : nil
    }
}
