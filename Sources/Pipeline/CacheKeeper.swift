public import Platform
public import Wire

/// Whoever lets the router give responses in the worker's stead, and tells it when they hold no longer.
public protocol CacheKeeper: AnyObject {
    /// A request has looked at what `path` names: nil where nothing is there. What was marked for another state holds
    /// no longer.
    func saw(_ path: SystemPath, _ stamp: FileStamp?)
    /// Calls `answer` when the router gives nothing any more that does not hold: at once, unless it has yet to hear of
    /// something. So nobody gets an old answer after a new one was given.
    func whenTold(_ answer: @escaping () -> Void)
    /// Whether `whenTold` would call at once.
    var hasTold: Bool { get }
    /// A mark for a response; nil where it cannot be watched.
    func mark(_ response: CacheableResponse) -> CacheMark?
}

/// A response that is the same for everybody who asks for its URL, as long as a file and the configuration stay as
/// they are.
public struct CacheableResponse {
    /// The file that it shows, and in which state.
    public let path: SystemPath
    public let stamp: FileStamp
    /// How long it holds at most. Unit: seconds.
    public let seconds: UInt32
    /// What the URL means; the configuration there is `Resolution.configurationPath`'s.
    public let resolution: Resolution

    public init(path: SystemPath, stamp: FileStamp, seconds: UInt32, resolution: Resolution) {
        self.path = path
        self.stamp = stamp
        self.seconds = seconds
        self.resolution = resolution
    }
}
