internal import Crypto
internal import Platform

/// An export as it was read from its folder, every hash compared. What it says is not believed before `open`.
public struct ReceivedExport: Sendable {
    public let folder: String
    public let manifest: ExportManifest
    /// By their names.
    private let files: [String: [UInt8]]
    private let envelope: [UInt8]?

    public static func read(_ folder: String) throws(TransferError) -> ReceivedExport {
        guard let bytes = try content(of: "\(folder)/\(ExportManifest.fileName)") else {
            throw TransferError(
                "\(folder) holds no whole export of Hostelry: there is no \(ExportManifest.fileName); name the folder "
                    + "that 'hostelry export' wrote")
        }
        return try ReceivedExport(folder, try ExportManifest(bytes: bytes, path: "\(folder)/manifest"))
    }

    private init(_ folder: String, _ manifest: ExportManifest) throws(TransferError) {
        self.folder = folder
        self.manifest = manifest
        var files: [String: [UInt8]] = [:]
        for file in manifest.files {
            let path = "\(folder)/\(file.name)"
            let limit = file.name == ContentList.fileName ? ContentList.sizeLimit : FileReader.usualLimit
            guard let bytes = try Self.content(of: path, limit: limit) else {
                throw TransferError("\(path) is missing; copy the whole folder, or export again")
            }
            guard bytes.count == file.size, SHA256.hash(bytes) == file.hash else {
                throw TransferError("\(path) is not what was exported; copy the whole folder again, or export again")
            }
            files[file.name] = bytes
        }
        self.files = files
        guard manifest.hasKeys else {
            envelope = nil
            return
        }
        envelope = try Self.content(of: "\(folder)/\(KeyEnvelope.fileName)")
        guard envelope != nil else {
            throw TransferError("\(folder)/\(KeyEnvelope.fileName) is missing; copy the whole folder, or export again")
        }
    }

    public func bytes(_ name: String) -> [UInt8]? { files[name] }

    /// The keys; nil for an export without any. Throws for a wrong password and for whatever was altered.
    public func open(under password: TransferPassword?) throws(TransferError) -> KeyRing? {
        guard let envelope else { return nil }
        guard let password else {
            throw TransferError("the export's keys are under a password, which is needed to import it")
        }
        let ring = try KeyEnvelope.open(envelope, under: password, path: "\(folder)/\(KeyEnvelope.fileName)")
        guard manifest.isSealed(by: ring) else {
            throw TransferError(
                "\(folder)/\(ExportManifest.fileName) was altered since the export, or is another export's; export again"
            )
        }
        return ring
    }

    private static func content(
        of path: String, limit: Int = FileReader.usualLimit
    ) throws(TransferError) -> [UInt8]? {
        do throws(FileError) {
            return try DocumentFile(path).read(limit: limit)?.bytes
        } catch {
            throw TransferError("\(error)")
        }
    }
}
