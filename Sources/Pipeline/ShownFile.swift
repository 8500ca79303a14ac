public import Platform

/// The file that a response shows whole and as it is, for modules that may send it in another form.
public struct ShownFile {
    /// What names it.
    public let resolution: Resolution
    /// The state in which it is shown.
    public let stamp: FileStamp
    /// Its MIME type, where the response has no `Content-Type` that states it.
    public let type: [UInt8]?

    public init(_ resolution: Resolution, _ stamp: FileStamp, type: [UInt8]? = nil) {
        self.resolution = resolution
        self.stamp = stamp
        self.type = type
    }

    /// The file as a body, opened when it is handed over; nil where it is too short to be worth it, or opening it may
    /// wait.
    func body() -> FileBody? {
        guard stamp.size >= Self.longBody, !resolution.isRemote, let path = resolution.relativePath else { return nil }
        return FileBody(OpenFile(FilePlace(path, beneath: resolution.root, stamp)), length: stamp.size)
    }

    /// From which length on a body is better sent from an open file than carried over the link. Unit: bytes.
    private static let longBody: Int64 = 8192
}
