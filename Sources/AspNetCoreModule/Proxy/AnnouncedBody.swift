import Pipeline

/// The body that a GET would have: its length is told in the head, and none of it follows.
final class AnnouncedBody: BodySource {
    let length: Int64?

    init(length: UInt64?) { self.length = length.map { Int64(clamping: $0) } }

    func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress { .ended }
    func cancel() {}
}
