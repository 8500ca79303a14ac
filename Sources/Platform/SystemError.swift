public import Glibc

/// A system call that failed: which one, on what, and errno.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call's name, for example `open`.
    public let call: String
    /// What the call was about, usually a path; empty where nothing more is known.
    public let subject: String
    public let code: Int32

    public init(_ call: String, _ subject: String = "", code: Int32 = errno) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The system's own words for `code`, for example `Permission denied`.
    public var reason: String { unsafe String(cString: strerror(code)) }

    public var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}
