public import Pipeline
public import Platform
public import Wire

/// A stream of a link that keeps what it is told, with as much credit as the test gives.
public final class RecordingSink: ResponseSink {
    public var credit: Int
    public private(set) var head: ResponseHead?
    public private(set) var body: [UInt8] = []
    public private(set) var hasEnded = false
    public private(set) var hasFailed = false
    public private(set) var wasAborted = false
    /// How many bytes of the request's body were dealt with.
    public private(set) var taken = 0
    /// Whether the client was asked for the body.
    public private(set) var wasAsked = false
    public var canBecomeTunnel = false

    public init(credit: Int = .max) { self.credit = credit }

    public func begin(_ head: ResponseHead) { self.head = head }

    public func write(_ bytes: Span<UInt8>) {
        body.append(copying: bytes)
        credit -= bytes.count
    }

    /// Keeps nothing: a test reads bytes.
    public func write(_ file: consuming FileDescriptor, _: FileStamp?, offset: Int64, length: Int64) -> FileDescriptor?
    { file }

    public func end() { hasEnded = true }
    public func fail() { hasFailed = true }
    public func abort() { wasAborted = true }
    public var isOpen: Bool { !hasFailed }
    public func wantBody() { wasAsked = true }
    public func took(_ count: Int) { taken += count }

    public var status: Int { Int(head?.status ?? 0) }
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all fields of a name in lower case, in order.
    public func values(_ name: String) -> [String] {
        var values: [String] = []
        var position = 0
        while let field = head?.headers.next(&position) {
            if String(decoding: [UInt8](copying: field.name), as: UTF8.self).lowercased() == name {
                values.append(String(decoding: [UInt8](copying: field.value), as: UTF8.self))
            }
        }
        return values
    }

    public func value(_ name: String) -> String? { values(name).first }
}
