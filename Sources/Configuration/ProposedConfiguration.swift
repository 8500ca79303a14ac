/// What would hold at a place if its web.config were another one.
extension ConfigurationSystem {
    /// The configuration at `path`, as it would be if `document` were the web.config there. A document that says nothing
    /// gives what the place inherits, locations of the files above about it among that.
    ///
    /// Throws *Unrecognized configuration path* for a site that has no layout or no root.
    public func configuration(
        at path: ConfigurationPath, with document: Document
    ) throws(ConfigurationError) -> PathConfiguration {
        guard path.site != nil else { return root }
        let above = try path.parent.map { above throws(ConfigurationError) in try configuration(at: above) } ?? root
        let here = try configuration(at: path)
        let isKnown = here.path == path
        return PathConfiguration(
            path, parent: above, folder: isKnown ? here.folder : nil,
            isApplicationRoot: isKnown ? here.isApplicationRoot : false, reading: here.reading,
            webConfig: WebConfig(document), checkedAt: 0)
    }

    /// Every problem of `document` as the web.config at `path`, as `problems(ofFileAt:)` tells them of one that is there.
    public func problems(
        ofFileAt path: ConfigurationPath, with document: Document
    ) throws(ConfigurationError) -> [ConfigurationError] {
        let here = try configuration(at: path, with: document)
        return problems(of: here) { key throws(ConfigurationError) in
            try self.configuration(
                at: ConfigurationPath(site: path.site ?? "", path: path.urlPath + "/" + key), with: document, at: path)
        }
    }

    /// The same for a place below, which the document has a location for.
    public func configuration(
        at path: ConfigurationPath, with document: Document, at holder: ConfigurationPath
    ) throws(ConfigurationError) -> PathConfiguration {
        let above = try configuration(at: holder, with: document)
        guard path != holder, holder.site != nil else { return above }
        return PathConfiguration(
            path, parent: above, folder: nil, isApplicationRoot: false, reading: .none, webConfig: nil, checkedAt: 0)
    }
}

extension ConfigurationPath {
    /// The place above; nil for the server level.
    public var parent: ConfigurationPath? {
        guard let site else { return nil }
        return segments.isEmpty
            ? ConfigurationPath() : ConfigurationPath(site: site, path: segments.dropLast().joined(separator: "/"))
    }

    /// The path relative to `ancestor`, as a location tag names it; nil for what does not lie at or below it.
    public func relative(to ancestor: ConfigurationPath) -> String? {
        let own = [site].compactMap(\.self) + segments
        let above = [ancestor.site].compactMap(\.self) + ancestor.segments
        guard own.count >= above.count, zip(own, above).allSatisfy({ $0.lowercased() == $1.lowercased() }) else {
            return nil
        }
        return own.dropFirst(above.count).joined(separator: "/")
    }
}
