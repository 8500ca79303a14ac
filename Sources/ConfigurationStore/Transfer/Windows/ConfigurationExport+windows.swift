public import Configuration
internal import Events

extension ConfigurationExport {
    /// The whole configuration, or some sites of it, as Windows reads it: without keys and manifest.
    ///
    /// - Parameters:
    ///   - sites: none for the whole.
    ///   - leavesSecretsOut: without it, a secret that would have to be left out stands against the export.
    /// - Returns: also what was left out, and what is to be decided, for people.
    public static func windows(
        _ server: ServerConfiguration, administration: ServerConfiguration?, sites: [String],
        mapping: WindowsImport.Mapping, leavesSecretsOut: Bool
    ) throws -> (export: ConfigurationExport, report: String) {
        guard server.builtIn == nil else {
            throw TransferError(
                "\(server.file.document.path) has no <configSections> and so relies on what is built into this server, "
                    + "which Windows has not; put its sites and pools into a whole file, as 'hostelry init' writes one")
        }
        var outcomes = [("applicationHost.config", try WindowsExport(server, mapping: mapping))]
        if !sites.isEmpty {
            let original = outcomes[0].1
            let bytes = try SiteSelection.bytes(sites, of: try server.replacingFile(original.bytes))
            outcomes[0] = (SiteSelection.fileName, original.keeping(bytes))
        } else if let administration {
            outcomes.append(("administration.config", try WindowsExport(administration, mapping: mapping)))
        }
        let secrets = outcomes.flatMap { _, outcome in
            outcome.rows.filter { $0.outcome == .secret }.map { outcome.text(of: $0) }
        }
        guard secrets.isEmpty || leavesSecretsOut else {
            throw TransferError(
                "these values are encrypted here, and no key of Windows opens them; say --without-secrets to leave them "
                    + "out, and set them anew there\n" + secrets.map { "  \($0)\n" }.joined())
        }
        let rows = outcomes.flatMap { _, outcome in outcome.rows.map { outcome.text(of: $0) + "\n" } }
        return (
            ConfigurationExport(files: outcomes.map { File(name: $0.0, bytes: $0.1.bytes) }),
            rows.joined()
        )
    }

    private init(files: [File]) {
        self.files = files
        unopened = []
    }
}

extension WindowsExport {
    /// The same with other bytes: a part of the file.
    fileprivate func keeping(_ bytes: [UInt8]) -> WindowsExport { WindowsExport(bytes: bytes, rows: rows, path: path) }

    private init(bytes: [UInt8], rows: [Row], path: String) {
        self.bytes = bytes
        self.rows = rows
        self.path = path
    }

    fileprivate func text(of row: Row) -> String {
        let value = row.value.isEmpty ? "" : " '\(row.value)'"
        return LineText.printable(
            "\(path):\(row.line): \(row.outcome.rawValue): \(row.section) \(row.attribute)\(value): \(row.note)")
    }
}
