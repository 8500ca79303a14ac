import Administration
import EventLoop
import Platform

/// Sends events to one administrator: first what is kept, then what is in memory, then what comes.
///
/// It holds nothing but a place: whoever takes slowly is told later, from the disk.
final class EventStream {
    let follows: Bool
    private let history: EventHistory
    private let stream: BufferedStream
    private var ended: (() -> Void)?
    /// Which lines are told; nil: all.
    private let isTold: (@Sendable ([UInt8]) -> Bool)?
    var isFiltered: Bool { isTold != nil }
    private var cursor: EventCursor
    private var isReading = false
    /// Whether all that is kept has been told, since memory last said that it does not reach back far enough.
    private var isDiskRead = false

    /// `ended` is called once, when all that was there is told and nobody follows.
    init(
        _ history: EventHistory, after sequence: UInt64, follows: Bool, to stream: BufferedStream,
        telling isTold: (@Sendable ([UInt8]) -> Bool)? = nil, ended: @escaping () -> Void
    ) {
        self.isTold = isTold
        self.history = history
        self.stream = stream
        self.follows = follows
        self.ended = ended
        // A number that was never given away, of a state folder that was lost.
        cursor = history.cursor(after: min(sequence, history.last))
    }

    /// Sends on, as long as the other end takes it.
    func pump() {
        while ended != nil, !isReading, !stream.isCongested {
            let recent = history.recent(after: cursor.sequence)
            guard recent.isComplete || isDiskRead else { return read() }
            isDiskRead = false
            guard !recent.lines.isEmpty else {
                if !follows { end() }
                return
            }
            cursor.skip(to: recent.last)
            send(Self.told(recent.lines, isTold))
        }
    }

    func stop() { ended = nil }

    private func end() {
        let ended = ended
        self.ended = nil
        ended?()
    }

    /// Reads on in the files, which may wait for the disk.
    private func read() {
        isReading = true
        let (start, isTold) = (cursor, isTold)
        stream.loop.perform {
            var cursor = start
            // What cannot be read is missing; what is in memory goes on.
            let lines = (try? cursor.next()) ?? []
            return (cursor, Self.told(lines, isTold), lines.isEmpty)
        } then: { [weak self] (result: (EventCursor, [UInt8], Bool)) in
            guard let self, ended != nil else { return }
            isReading = false
            cursor = result.0
            isDiskRead = result.2
            send(result.1)
            pump()
        }
    }

    private static func told(_ lines: [UInt8], _ isTold: (@Sendable ([UInt8]) -> Bool)?) -> [UInt8] {
        guard let isTold else { return lines }
        var told: [UInt8] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) where isTold(Array(line)) {
            told += line
            told.append(UInt8(ascii: "\n"))
        }
        return told
    }

    private func send(_ lines: [UInt8]) {
        guard !lines.isEmpty else { return }
        stream.output += lines
        stream.flushLater()
    }
}
