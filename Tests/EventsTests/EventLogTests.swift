import Events
import Testing

@Suite struct EventLogTests {
    /// Only one thread writes in these tests.
    private final class Output: @unchecked Sendable { var bytes: [UInt8] = [] }

    /// What a log writes for `events` at a moment, in nanoseconds since 1970.
    private func written(isJournal: Bool, at time: Int64 = 0, _ events: Event...) -> String {
        let output = Output()
        let log = EventLog(format: .text, isJournal: isJournal, now: { time }, write: { output.bytes += $0 })
        for event in events { log.record(event) }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    // Seconds as `date -u -d … +%s` counts them.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"), (1_709_251_200, "2024-03-01T00:00:00.000Z"),
            (1_798_761_599, "2026-12-31T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func aLineBeginsWithTheTimeInUTC(seconds: Int64, time: String) {
        let text = written(isJournal: false, at: seconds * 1_000_000_000, Event(.serverStarted, "One."))
        #expect(text == "\(time) information 1001 One.\n")
    }

    @Test func millisecondsAreCutNotRounded() {
        let text = written(isJournal: false, at: 1_999_999_999, Event(.serverStarted, "One."))
        #expect(text.hasPrefix("1970-01-01T00:00:01.999Z "))
    }

    @Test func theJournalGetsAPriorityAndNoTime() {
        let text = written(
            isJournal: true, Event(.serverStarted, "One."), Event(.workerCrashed, "Pool \"a\"", "Two."))
        #expect(text == "<6>information 1001 One.\n<3>error 5011 Pool \"a\": Two.\n")
    }
}
