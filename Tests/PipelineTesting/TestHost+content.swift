extension TestHost {
    /// Writes `web.config` into a folder of the site's content, with these elements inside `system.webServer`.
    public func configure(_ folder: String = "", _ elements: String) throws {
        let name = folder.isEmpty ? "www/web.config" : "www/\(folder)/web.config"
        try self.folder.write(
            name, "<configuration>\n<system.webServer>\n\(elements)\n</system.webServer>\n</configuration>\n")
    }

    /// A request from the server's own machine, which may read detailed pages.
    public func getLocally(_ target: String, path: String? = nil) throws -> RecordingSink {
        var request = TestRequest(target, path: path)
        request.remote = request.local
        return try send(request)
    }
}

extension RecordingSink {
    /// Status and sub-status as the detailed page of a local request tells them, for example `404.8`.
    public var detailedStatus: String? {
        guard let start = text.firstRange(of: "HTTP Error ") else { return nil }
        return String(text[start.upperBound...].prefix { $0.isNumber || $0 == "." })
    }
}
