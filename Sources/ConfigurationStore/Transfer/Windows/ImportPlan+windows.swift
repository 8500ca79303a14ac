internal import Configuration
internal import HostModel
internal import Platform

extension ImportPlan {
    /// The configuration of a Windows machine: IIS's own export, or a copy of its folder `inetsrv\config`.
    ///
    /// Sections that no schema here describes are kept, and stand in the report; so do values that a key of Windows
    /// sealed. Secrets in clear text are sealed with `ring`. Schema files that are no part of Windows come along;
    /// redirection.config and configEncKey.key, whose format is Windows's own, do not.
    public static func windows(
        _ folder: String, _ mapping: WindowsImport.Mapping, ring: KeyRing, into instance: ImportTarget,
        isKnownUser: (String) throws -> Bool
    ) throws -> (plan: ImportPlan, report: WindowsReport) {
        guard let original = try DocumentFile("\(folder)/\(Self.serverFile)").read()?.bytes else {
            throw TransferError("\(folder) holds no \(Self.serverFile); name the folder that holds the one of Windows")
        }
        let document = try Document(bytes: original, path: "\(folder)/\(Self.serverFile)")
        let schema = try WindowsSchemaFiles(
            of: folder, to: instance.schemaFolder,
            beside: ServerConfiguration.schemaFiles(in: instance.schemaFolder))
        let imported = try WindowsImport(document, schema: schema.schema, mapping: mapping)
        let clear = try instance.configuration(imported.bytes, adding: schema.taken)
        let sealed = try SecretSealing.seal(.clear, in: clear, with: ring).bytes
        let next = try instance.configuration(sealed, adding: schema.taken)
        // First those that the others need.
        var files = try schema.taken.map { file in
            File(path: file.path, old: try DocumentFile(file.path).read()?.bytes, new: file.bytes, isServerFile: false)
        }
        files.append(File(path: instance.configurationPath, old: instance.bytes, new: sealed, isServerFile: true))
        let administrationPath = "\(folder)/\(Self.administrationFile)"
        if let administration = try DocumentFile(administrationPath).read()?.bytes {
            let clear = try instance.administration(administration, path: administrationPath)
            files.append(
                File(
                    path: instance.administrationPath, old: instance.administrationBytes,
                    new: try SecretSealing.seal(.clear, in: clear, with: ring).bytes, isServerFile: false))
        }
        let plan = try ImportPlan(
            files, folder, from: instance.current, to: next, notes: [], isPart: false, allowsUnknownSections: true,
            ring: ring, isKnownUser: isKnownUser)
        let warnings = ConfigurationCheck.problems(of: next).filter {
            $0.severity == .warning && $0.file == instance.configurationPath
        }
        return (plan, WindowsReport(document.path, imported.rows + schema.rows, warnings: warnings))
    }

    /// Whether a folder holds a configuration of Windows, and not what this server exported, of which the manifest may have
    /// been taken away.
    public static func isFromWindows(_ folder: String) -> Bool {
        let files = [Self.serverFile, ExportManifest.fileName].map { (try? FileStamp.of("\(folder)/\($0)")) ?? nil }
        guard files[0] != nil, files[1] == nil else { return false }
        if let keys = content("\(folder)/\(KeyEnvelope.fileName)"), KeyEnvelope.isOurs(keys) { return false }
        return ![Self.serverFile, Self.administrationFile].contains { name in
            let path = "\(folder)/\(name)"
            guard let document = content(path).flatMap({ try? Document(bytes: $0, path: path) }) else { return false }
            return HostelryAesProvider.hasSealed(in: document.text)
        }
    }

    /// Nil for what cannot be read: the import says why.
    private static func content(_ path: String) -> [UInt8]? { ((try? DocumentFile(path).read()) ?? nil)?.bytes }

    private static let serverFile = "applicationHost.config"
    private static let administrationFile = "administration.config"
}
