public import Configuration

/// The files that answer for their folder (`system.webServer/defaultDocument`).
public enum DefaultDocuments {
    /// In the order in which they are looked for; none where they are switched off, or cannot be read.
    public static func names(in configuration: PathConfiguration) -> [String] {
        guard let section = try? configuration.section("system.webServer/defaultDocument"), section.bool("enabled")
        else {
            return []
        }
        return section.element("files").items.map { $0.string("value") }
    }
}
