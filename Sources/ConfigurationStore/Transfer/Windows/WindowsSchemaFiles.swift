internal import Configuration
internal import Platform

/// The schema files beside a configuration of Windows (`schema\*.xml`): those that something other than Windows put there
/// are taken over, since the sections that they describe are in the file.
struct WindowsSchemaFiles {
    /// As they are to be beside the configuration here.
    let taken: [(path: String, bytes: [UInt8])]
    /// Of the whole folder.
    let rows: [WindowsImport.Row]
    /// The built-in sections, those of the schema files that are here, and those that are taken over.
    let schema: Schema

    /// - Parameters:
    ///   - folder: the export's.
    ///   - here: where schema files lie here.
    ///   - own: those that do.
    init(
        of folder: String, to here: String, beside own: [(path: String, bytes: [UInt8])]
    ) throws(ConfigurationError) {
        var taken: [(path: String, bytes: [UInt8])] = []
        var rows: [WindowsImport.Row] = []
        var schema = try Schema.builtIn(adding: own)
        for file in try ServerConfiguration.schemaFiles(in: "\(folder)/schema") {
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            let (outcome, note): (WindowsImport.Row.Outcome, String)
            if Self.stock.contains(name.lowercased()) {
                (outcome, note) = (.replaced, "a part of Windows, for which this server's own schema stands")
            } else {
                let target = (path: "\(here)/\(name)", bytes: file.bytes)
                do throws(ConfigurationError) {
                    let described = try Schema.reading([file]).sections.keys.sorted()
                    schema = try Schema.builtIn(adding: Self.merged(own, taken + [target]))
                    taken.append(target)
                    (outcome, note) = (.works, "taken over; it describes \(described.joined(separator: ", "))")
                } catch {
                    (outcome, note) = (
                        .decide, "not taken over, since it is no schema: line \(error.line): \(error.text)"
                    )
                }
            }
            rows.append(
                WindowsImport.Row(
                    file: file.path, line: 1, section: "schema/\(name)", attribute: "", value: "", outcome: outcome,
                    note: note))
        }
        self.taken = taken
        self.rows = rows
        self.schema = schema
    }

    /// The files with others in place of those of the same path, in the order of their paths.
    static func merged(
        _ files: [(path: String, bytes: [UInt8])], _ others: [(path: String, bytes: [UInt8])]
    ) -> [(path: String, bytes: [UInt8])] {
        let kept = files.filter { file in !others.contains { $0.path == file.path } }
        return (kept + others).sorted { $0.path < $1.path }
    }

    /// What Windows and Microsoft's modules for IIS put there, in small letters; this server has its own in their place, or
    /// nothing that they describe.
    private static let stock: Set = [
        "aspnet_schema.xml", "aspnetcore_schema.xml", "aspnetcore_schema_v2.xml", "backupmanagerschema.xml",
        "cors_schema.xml", "ftp_rscaext.xml", "ftp_schema.xml", "fx_schema.xml", "httpplatform_schema.xml",
        "iis_schema.xml", "rewrite_schema.xml", "rscaext.xml", "webdav_schema.xml",
    ]
}
