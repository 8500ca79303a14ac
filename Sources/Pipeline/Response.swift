public import Platform
public import Wire

/// The response while modules make it.
public struct Response {
    /// HTTP status; 0 until somebody answered.
    public internal(set) var status: UInt16 = 0
    /// IIS's sub-status, 0 where there is none.
    public internal(set) var subStatus: UInt16 = 0
    /// Header fields in order; the router adds what frames the message.
    public var headers = HeaderBlock()
    public var body = ResponseBody.none
    /// Whether the router may say which server this is (`Server`).
    public var sendsServer = true

    /// Answers with `status`; the body and the headers stay.
    public mutating func set(status: UInt16, subStatus: UInt16 = 0) {
        self.status = status
        self.subStatus = subStatus
    }

    /// Back to nothing answered, with the headers' memory kept.
    public mutating func clear() {
        status = 0
        subStatus = 0
        headers.removeAll()
        body = .none
        sendsServer = true
    }
}

/// What follows the head.
public enum ResponseBody {
    case none
    case bytes([UInt8])
    case file(FileBody)

    /// Bytes that will be sent.
    var length: Int64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(let file): file.length
        }
    }
}

/// A part of an open regular file, sent piece by piece as the client takes it.
public final class FileBody {
    let descriptor: FileDescriptor
    let offset: Int64
    /// Unit: bytes. A file that shrinks meanwhile breaks the response off.
    let length: Int64

    public init(_ descriptor: consuming FileDescriptor, offset: Int64 = 0, length: Int64) {
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
    }
}
