internal import EventLoop
internal import HTTP1
internal import Platform

/// The `Date` field of responses, made once a second.
final class DateLine {
    private let loop: EventLoop
    private var seconds: Int64 = -1
    private var checkedAt: UInt64 = 0
    private var line: [UInt8] = []
    /// How long a look at the clock holds. Unit: nanoseconds.
    private static let validity: UInt64 = 50_000_000

    init(_ loop: EventLoop) { self.loop = loop }

    /// `Date: … GMT` with its line end.
    func append(to output: inout [UInt8]) {
        if seconds < 0 || loop.now - checkedAt > Self.validity { refresh() }
        output.append(contentsOf: line)
    }

    private func refresh() {
        checkedAt = loop.now
        let current = WallClock.seconds()
        guard current != seconds else { return }
        seconds = current
        line = Array("Date: ".utf8) + HTTPDate.bytes(seconds: current)
        ResponseWriter.appendLineEnd(to: &line)
    }
}
