internal import HTTP1

/// The `Date` field of responses, made once a second.
final class DateLine {
    private let time: WallTime
    private var seconds: Int64 = -1
    private var line: [UInt8] = []

    init(_ time: WallTime) { self.time = time }

    /// `Date: … GMT` with its line end.
    func append(to output: inout [UInt8]) {
        if time.seconds != seconds { refresh() }
        output.append(contentsOf: line)
    }

    private func refresh() {
        seconds = time.seconds
        line = Array("Date: ".utf8) + HTTPDate.bytes(seconds: seconds)
        ResponseWriter.appendLineEnd(to: &line)
    }
}
