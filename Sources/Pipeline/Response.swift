public import Platform
public import Wire

/// The response while modules make it.
public struct Response {
    /// HTTP status; 0 until somebody answered.
    public internal(set) var status: UInt16 = 0
    /// IIS's sub-status, 0 where there is none.
    public internal(set) var subStatus: UInt16 = 0
    /// The reason phrase; empty stands for the usual one of the status. At most 255 bytes. Set behind the status.
    public var reason: [UInt8] = []
    /// Header fields in order; the router adds what frames the message.
    public var headers = HeaderBlock()
    public var body = ResponseBody.none { didSet { shown = nil } }
    /// Whether the router may say which server this is (`Server`).
    public var sendsServer = true

    /// Whether the body of an error is the application's own and stays, as far as `existingResponse` leaves that to it
    /// (IIS: `TrySkipIisCustomErrors`).
    public var skipsCustomErrors = false

    /// Whether it is the answer of a program behind the server, which the output cache leaves alone.
    public var isPassedOn = false

    /// Set where the response is the same for all who ask for the URL, as far as the module that made it can tell.
    public var cacheable: CacheableResponse?

    /// The file that the body is, whole and as it is, or that a client is told it has. Set behind `body`: another body
    /// shows no file.
    public var shown: ShownFile?

    /// Whether the client's connection is to be closed behind the response.
    public var closesConnection = false

    /// Answers with `status` and its usual reason phrase; the body and the headers stay.
    public mutating func set(status: UInt16, subStatus: UInt16 = 0) {
        self.status = status
        self.subStatus = subStatus
        if !reason.isEmpty { reason = [] }
    }

    /// Back to nothing answered, with the headers' memory kept.
    public mutating func clear() {
        set(status: 0)
        closesConnection = false
        headers.removeAll()
        body = .none
        sendsServer = true
        skipsCustomErrors = false
        isPassedOn = false
        cacheable = nil
    }
}

/// What follows the head.
public enum ResponseBody {
    case none
    case bytes([UInt8])
    case file(FileBody)
    case stream(any BodySource)

    /// Bytes that will be sent; nil where that is not known beforehand.
    var length: Int64? {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(let file): file.length
        case .stream(let source): source.length
        }
    }
}

/// A part of an open regular file: handed over to whoever sends it, else sent piece by piece as the client takes it.
public final class FileBody {
    let file: OpenFile
    let offset: Int64
    /// Unit: bytes. A file that shrinks meanwhile breaks the response off.
    let length: Int64

    public init(_ file: OpenFile, offset: Int64 = 0, length: Int64) {
        self.file = file
        self.offset = offset
        self.length = length
    }

    public convenience init(_ descriptor: consuming FileDescriptor, offset: Int64 = 0, length: Int64) {
        self.init(OpenFile(descriptor), offset: offset, length: length)
    }

    /// Gives the file to the sink; false when the sink leaves it here.
    ///
    /// - Parameter request: knows whether the file is still in the state in which the sink may have it already.
    func handOver(to sink: any ResponseSink, for request: RequestContext) -> Bool {
        let stamp = file.place?.stamp
        if let stamp, request.hasSeen(stamp), sink.write(stamp, offset: offset, length: length) { return true }
        return file.handOver { sink.write($0, stamp, offset: offset, length: length) }
    }
}
