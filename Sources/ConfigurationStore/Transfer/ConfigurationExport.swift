public import Configuration
internal import Crypto
internal import Platform

/// An export in memory: the files that go into a folder.
///
///     DIR/applicationHost.config      with its secrets sealed, also those that stand in clear text here
///     DIR/administration.config       where there is one
///     DIR/content.list                of sites with content: what lies below DIR/content (ContentExport)
///     DIR/configEncKey.key            the keys that open them, under the password
///     DIR/manifest                    written last: a folder without it holds no whole export
public struct ConfigurationExport: Sendable {
    public struct File: Equatable, Sendable {
        public let name: String
        public let bytes: [UInt8]
    }

    /// In the order in which they are written.
    public let files: [File]
    /// Values of other providers, which travel as they are, and those that nobody can open.
    public let unopened: [SecretValue]

    /// The whole configuration.
    ///
    /// - Parameter password: nil leaves the keys out; values that they seal cannot be read elsewhere then.
    public static func server(
        _ server: ServerConfiguration, administration: ServerConfiguration?, ring: KeyRing,
        password: TransferPassword?
    ) throws -> ConfigurationExport {
        var documents: [File] = []
        var values: [SecretValue] = []
        for (name, server) in [("applicationHost.config", server), ("administration.config", administration)] {
            guard let server else { continue }
            let sealed = try server.sealed(with: ring)
            documents.append(File(name: name, bytes: sealed.bytes))
            values += SecretValue.all(in: sealed.server)
        }
        return try ConfigurationExport(.server, documents, values, ring, password)
    }

    /// - Parameter values: the encrypted values whose keys travel.
    init(
        _ kind: ExportManifest.Kind, _ documents: [File], _ values: [SecretValue], _ ring: KeyRing,
        _ password: TransferPassword?
    ) throws {
        let used = Set(values.compactMap { $0.encrypted.flatMap(HostelryAesProvider.keyID) })
        var travelling = ring
        _ = travelling.forget { used.contains($0) }
        let manifest = try ExportManifest(
            kind, documents.map { .init(name: $0.name, bytes: $0.bytes) },
            sealedBy: password == nil ? nil : travelling)
        var files = documents
        if let password {
            files.append(File(name: KeyEnvelope.fileName, bytes: try KeyEnvelope.wrap(travelling, under: password)))
        }
        self.files = files + [File(name: ExportManifest.fileName, bytes: manifest.bytes)]
        unopened = values.filter { $0.encrypted != nil && (try? $0.open(with: ring)) == nil }
    }

    /// Writes the files into a folder, which is made where it is missing. One that holds any of them stays as it is; what
    /// was written before an error is taken away again.
    public func write(to folder: String) throws(TransferError) {
        var written: [String] = []
        do throws(FileError) {
            try Folder.make(folder)
            for file in files where try FileStamp.of("\(folder)/\(file.name)") != nil {
                throw FileError("\(folder)/\(file.name)", .changed)
            }
            for file in files {
                let path = "\(folder)/\(file.name)"
                let mode: UInt32 = file.name == KeyEnvelope.fileName ? 0o600 : 0o644
                try DocumentFile(path, creationMode: mode).commit(file.bytes, replacing: nil)
                written.append(path)
            }
        } catch {
            for path in written { try? Folder.removeFile(path) }
            throw Self.error(error)
        }
    }

    static func error(_ error: FileError) -> TransferError {
        switch error.kind {
        case .changed:
            TransferError("\(error.path) is there already and is left as it is; export to another folder, or empty it")
        case .readOnly: TransferError("\(error); export to a folder that can be written")
        case .denied: TransferError("\(error); export to a folder that this user may write")
        case .noSpace: TransferError("\(error); make room there, or export to another disk")
        default: TransferError("\(error)")
        }
    }
}

extension ServerConfiguration {
    /// The file with what stands in clear text sealed, and the configuration that it is then.
    func sealed(
        with ring: KeyRing
    ) throws(ConfigurationError) -> (bytes: [UInt8], server: ServerConfiguration) {
        let sealing = try SecretSealing.seal(.clear, in: self, with: ring)
        return (sealing.bytes, try replacingFile(sealing.bytes))
    }
}
