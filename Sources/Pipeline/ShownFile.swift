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
}
