import EventLoop
import Events
import Platform
import Synchronization
import Testing

@testable import Master

private final class Recorder: EventRecorder {
    private let state = Mutex<[Event]>([])

    var events: [Event] { state.withLock { $0 } }

    func record(_ event: Event) { state.withLock { $0.append(event) } }
}

@Suite struct ServiceNoticesTests {
    private final class Sent {
        var texts: [String] = []
        var error: SystemError?

        func send(_ text: String) throws(SystemError) {
            if let error { throw error }
            texts.append(text)
        }

        /// The first line of each notice.
        var names: [String] { texts.map { String($0.prefix { $0 != "\n" }) } }
    }

    private let sent = Sent()
    private let log = Recorder()
    private let clock = ManualClock()

    private func notices(on loop: EventLoop, watchdog: UInt64? = nil) -> ServiceNotices {
        ServiceNotices(on: loop, log: log, watchdogInterval: watchdog) { [sent] text throws(SystemError) in
            try sent.send(text)
        }
    }

    @Test func aReloadIsAnnouncedWithItsTimeAndEndsReady() throws {
        let notices = notices(on: try EventLoop())
        notices.ready("Serving 1 of 1 sites, 1 pools.")
        notices.reloading()
        notices.reloaded("Serving 2 of 2 sites, 1 pools.")
        #expect(sent.names == ["READY=1", "RELOADING=1", "READY=1"])
        #expect(sent.texts[1].contains("\nMONOTONIC_USEC="))
        #expect(sent.texts[2].contains("\nSTATUS=Serving 2 of 2 sites, 1 pools.\n"))
    }

    @Test func nothingButTheEndIsToldBeforeItServesOrWhenItEnds() throws {
        let notices = notices(on: try EventLoop())
        notices.reloading()
        notices.reloaded("x")
        notices.stopping()
        notices.ready("x")
        notices.reloading()
        notices.reloaded("x")
        #expect(sent.names == ["STOPPING=1"])
        #expect(notices.state == .stopping)
    }

    @Test func signsOfLifeComeTwiceInEachInterval() throws {
        let clock = clock
        let loop = try EventLoop(clock: { clock.now })
        let notices = notices(on: loop, watchdog: 2_000_000_000)
        for _ in 0..<4 {
            clock.advance(1_010_000_000)
            loop.turn(maximumWait: 0)
        }
        #expect(sent.names == Array(repeating: "WATCHDOG=1", count: 4))
        withExtendedLifetime(notices) {}
    }

    @Test func aManagerThatCannotHearIsToldOfOnce() throws {
        let notices = notices(on: try EventLoop())
        sent.error = SystemError("sendto", code: 111)
        notices.ready("x")
        notices.ready("x")
        sent.error = nil
        notices.ready("x")
        sent.error = SystemError("sendto", code: 111)
        notices.ready("x")
        #expect(log.events.map(\.kind) == [.serviceManagerDeaf, .serviceManagerDeaf])
    }
}
