/// A request that is refused before anybody looks at what it asks for. The names are those of HTTP.sys's error log.
public enum RequestError: Error, Equatable, Sendable, CaseIterable {
    /// The method is not a token.
    case verb
    /// The target is malformed, or its path cannot be cooked.
    case url
    /// The request line is longer than a head may be.
    case urlLength
    /// A field's name or value is malformed, or fields contradict each other.
    case header
    /// The head is longer than allowed, or has too many fields.
    case requestLength
    /// No host, two of them, or one that is no host name.
    case hostname
    /// A line does not end with CR LF.
    case lineEnding
    /// A number (Content-Length, a chunk's size) is none or too large.
    case number
    /// A method that needs a body comes without a length.
    case lengthRequired
    /// A version other than 1.0 and 1.1.
    case version
    /// A transfer coding other than chunked.
    case notImplemented
    /// An expectation other than 100-continue.
    case expectation
    /// The request line is something else altogether.
    case badRequest
}
