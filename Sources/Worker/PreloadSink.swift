import Pipeline
import Platform
import Wire

/// Where the answer to a request goes that nobody has asked for: nowhere.
final class PreloadSink: ResponseSink {
    private var done: ((PreloadSink) -> Void)?
    /// Nil once it is answered.
    var request: RequestContext?

    /// `done` is called once, when the request is answered or was given up.
    init(done: @escaping (PreloadSink) -> Void) { self.done = done }

    var credit: Int { .max }

    var isDone: Bool { done == nil }

    func begin(_ head: ResponseHead) {}

    func write(_ bytes: Span<UInt8>) {}

    /// Takes files whole, and reads nothing of them.
    func write(_ file: consuming FileDescriptor, _: FileStamp?, offset: Int64, length: Int64) -> FileDescriptor? {
        nil
    }

    func end() { finish() }
    func abort() { finish() }
    func fail() { finish() }

    private func finish() {
        let done = done
        self.done = nil
        request = nil
        done?(self)
    }
}
