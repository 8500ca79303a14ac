import EventLoop
import Platform
import Synchronization
import Testing

struct EventLoopTests {
    final class Log: Sendable {
        let entries = Mutex<[Int]>([])

        func append(_ entry: Int) { entries.withLock { $0.append(entry) } }
    }

    final class Handler: ReadinessHandler, TimerHandler {
        let act: () -> Void

        init(_ act: @escaping () -> Void) { self.act = act }

        func ready(_ readiness: Readiness) { act() }
        func timerFired(_ timer: Timer) { act() }
    }

    @Test func jobsFromAnotherThreadWakeTheLoopAndRunInOrder() throws {
        let loop = try EventLoop()
        let (remote, log) = (loop.remote, Log())
        try Thread.start {
            for number in 1...3 { remote.execute { _ in log.append(number) } }
            remote.execute { $0.stop() }
        }
        loop.run()
        #expect(log.entries.withLock { $0 } == [1, 2, 3])
    }

    @Test func anEventOfAClosedDescriptorNeverReachesItsNumbersNextOwner() throws {
        let loop = try EventLoop()
        var calls: [String] = []
        // Both pairs become readable in one turn; the first handler closes the other and a newcomer takes its number.
        let one = try FileDescriptor.streamPair()
        let other = try FileDescriptor.streamPair()
        var closing: [FileDescriptorBox] = [FileDescriptorBox(one.one), FileDescriptorBox(other.one)]
        let peers = [FileDescriptorBox(one.other), FileDescriptorBox(other.other)]
        var newcomer: FileDescriptorBox?
        for index in 0..<2 {
            let number = closing[index].number
            try loop.register(
                number,
                Handler {
                    calls.append("old")
                    guard newcomer == nil else { return }
                    let victim = closing[1 - index].number
                    loop.unregister(victim)
                    closing.remove(at: 1 - index)
                    let pair = try? FileDescriptor.streamPair()
                    guard let pair else { return }
                    let fresh = FileDescriptorBox(pair.one)
                    let spare = FileDescriptorBox(pair.other)
                    #expect(fresh.number == victim || spare.number == victim)
                    newcomer = fresh.number == victim ? fresh : spare
                    closing.append(fresh.number == victim ? spare : fresh)
                    #expect(throws: Never.self) { try loop.register(victim, Handler { calls.append("new") }) }
                })
        }
        let byte: [UInt8] = [0]
        for peer in peers { _ = try peer.descriptor.send(byte.span) }
        loop.turn(maximumWait: 0)
        #expect(calls == ["old"])
    }

    /// Would hang if the first turn waited.
    @Test func whatIsListedBeforeTheFirstTurnIsNotWaitedFor() throws {
        let loop = try EventLoop()
        loop.atEndOfTurn(Ending { loop.stop() })
        loop.run()
        let other = try EventLoop()
        other.inNextTurn(Ending { other.stop() })
        other.run()
    }

    final class Ending: TurnHandler {
        let act: () -> Void

        init(_ act: @escaping () -> Void) { self.act = act }

        func turnEnded() { act() }
    }

    @Test func aTimerOfTheLoopFiresByItsClock() throws {
        let clock = Clock()
        let loop = try EventLoop(clock: { clock.time.withLock { $0 } })
        var fired = 0
        let handler = Handler { fired += 1 }
        loop.start(Timer(), after: 1_000_000_000, handler)
        loop.turn(maximumWait: 0)
        #expect(fired == 0)
        clock.time.withLock { $0 += 1_010_000_000 }
        loop.turn(maximumWait: 0)
        #expect(fired == 1)
    }

    final class Clock: Sendable {
        let time = Mutex<UInt64>(5_000_000_000)
    }

    /// A descriptor that an array can hold.
    final class FileDescriptorBox {
        let descriptor: FileDescriptor
        var number: Int32 { descriptor.number }

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }
}
