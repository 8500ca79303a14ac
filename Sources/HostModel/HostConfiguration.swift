public import Configuration
internal import Platform

/// One version of the server's file as it is hosted: its text, the model made of it, and what it takes to read the next
/// version at the cost of what changes in it.
///
/// Nothing is kept of how sites, pools and their locations were written but the text: the largest part of a parsed file is
/// theirs.
public struct HostConfiguration: Sendable {
    public let model: HostModel
    /// What the file says to every site, where the next version can be read by what changes: of sites, pools and locations
    /// about sites it holds at most those that were read last. Else the whole file.
    public let server: ServerConfiguration
    /// What is wrong in this version and was not in the one it was made of.
    public let newProblems: [Problem]
    /// UTF-8, without a byte order mark.
    let text: [UInt8]
    let outline: Outline?
    let references: References

    /// Reads the whole file. Throws for what is unreadable or malformed; whatever else is wrong is a problem of the model.
    public static func read(
        path: String, variables: [String: String] = [:]
    ) throws(ConfigurationError) -> HostConfiguration {
        try of(ServerConfiguration.read(path: path, variables: variables))
    }

    init(
        _ whole: ServerConfiguration, newProblems: (HostModel) -> [Problem]
    ) throws(ConfigurationError) {
        model = HostModel.build(whole)
        text = whole.file.document.text
        self.newProblems = newProblems(model)
        if let outline = Outline(whole.file), outline.entries(.site).count == model.sites.count,
            outline.entries(.pool).count == model.pools.count,
            outline.entries(.location).count == model.locations.count
        {
            self.outline = outline
            references = References(model)
            server = try whole.replacingText(outline.text(text) { _, _ in false })
        } else {
            outline = nil
            references = References()
            server = whole
        }
    }

    init(
        _ model: HostModel, _ server: ServerConfiguration, text: [UInt8], outline: Outline, references: References,
        newProblems: [Problem]
    ) {
        self.model = model
        self.server = server
        self.text = text
        self.outline = outline
        self.references = references
        self.newProblems = newProblems
    }

    /// The version that `bytes`, as on disk, make after this one; nil where they say the same. What is kept of this one is
    /// what did not change.
    public func following(_ bytes: [UInt8]) throws(ConfigurationError) -> HostConfiguration? {
        let (text, encoding) = try server.file.document.decode(bytes)
        if encoding == server.file.document.encoding || outline == nil {
            if ByteSearch.areEqual(text.span, self.text.span) { return nil }
            if let outline, let revised = revision(outline, text) { return revised }
        }
        return try HostConfiguration(try server.replacingFile(bytes)) { $0.newProblems(since: model) }
    }

    /// What the file held; nil where it cannot be put in the file's encoding again.
    public func storedBytes() -> [UInt8]? { try? server.file.document.stored(text) }

    /// What workers of the pool may see of the file: UTF-8 with a byte order mark.
    public func slice(ofPool pool: String) -> [UInt8] {
        guard let outline else { return PoolSlice.bytes(of: server, pool: pool, in: model) }
        let pool = SoughtPool(pool)
        var sites: Set<String> = []
        var isUsing = Array(repeating: false, count: model.sites.count)
        let all = model.sites.span
        for number in all.indices where all[number].uses(pool) {
            isUsing[number] = true
            sites.insert(all[number].name.lowercased())
        }
        return outline.text(text, behind: PoolSlice.mark) { entry, number in
            switch entry.kind {
            case .site: isUsing[number]
            case .pool: model.pools[number].name.isSame(ignoringCaseAs: pool.name)
            case .location: sites.contains(model.locations[number].site)
            case .other: true
            }
        }
    }
}
