/// Whoever wants to know what happens.
public protocol EventRecorder: Sendable {
    func record(_ event: Event)
}

/// Turns each event into one line and hands it on, whole.
public struct EventLog: EventRecorder {
    private let format: EventFormat
    private let isJournal: Bool
    private let now: @Sendable () -> Int64
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - isJournal: whether systemd's journal reads: lines begin with their priority (`<3>`) and carry no time, which
    ///     the journal adds itself.
    ///   - now: nanoseconds since 1970.
    ///   - write: takes a line with its end. A line that it cannot write is lost: there is nobody left to tell.
    public init(
        format: EventFormat, isJournal: Bool, now: @escaping @Sendable () -> Int64,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.format = format
        self.isJournal = isJournal
        self.now = now
        self.write = write
    }

    public func record(_ event: Event) {
        let line =
            isJournal
            ? "<\(event.kind.level.priority)>\(format.line(event, time: nil))"
            : format.line(event, time: Timestamp(nanoseconds: now()).text, isWhole: true)
        write(Array(line.utf8) + [UInt8(ascii: "\n")])
    }
}
