public import HostModel

/// How much of the disk the log files of one application's output may take: what its pool says (`stdoutLog`).
public struct OutputLimits: Equatable, Sendable {
    /// A file that would grow beyond it gets a successor. Unit: bytes. Default 10 MB.
    public var fileSize = 10 << 20
    /// The oldest files beyond so many are removed. Default 10.
    public var files = 10
    /// Older files are removed. Unit: seconds. Default 30 days; nil: never.
    public var age: Int64? = 30 * 86_400

    public init() {}

    public init(_ settings: ApplicationPool.OutputLogs) {
        fileSize = Int(settings.maxFileSizeKB) << 10
        files = Int(settings.maxFiles)
        age = settings.maxAge == .zero ? nil : settings.maxAge.components.seconds
    }
}
