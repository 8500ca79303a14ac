/// Something that wants to be called after a time.
public protocol TimerHandler: AnyObject {
    func timerFired(_ timer: Timer)
}

/// A timer: started and cancelled by an `EventLoop`. While it runs it keeps its handler alive.
public final class Timer {
    fileprivate var handler: (any TimerHandler)?
    /// The tick at which it fires; later than the slot it lies in where it was started again meanwhile.
    fileprivate var deadline: UInt64 = 0
    fileprivate var slot = -1
    fileprivate var index = 0

    public init() {}

    public var isRunning: Bool { slot >= 0 }

    /// Calls the handler of a timer that has fired, unless it was cancelled or started again since.
    func callHandler() {
        guard !isRunning, let handler else { return }
        self.handler = nil
        handler.timerFired(self)
    }
}

/// Timers in a wheel of slots: starting, restarting and cancelling cost the same however many there are.
///
/// A timer that is started again for later stays where it lies and moves on when its slot comes up, so that an idle
/// time-out renewed with each request costs one assignment. Time is counted in ticks of `tick` nanoseconds; a timer
/// never fires early and at most one tick late.
struct TimerWheel {
    /// Unit: nanoseconds.
    static let tick: UInt64 = 8_000_000
    private static let slotCount = 1024

    private var slots: [[Timer]] = .init(repeating: [], count: slotCount)
    /// One bit for each slot that holds a timer.
    private var occupied: [UInt64] = .init(repeating: 0, count: slotCount / 64)
    /// Everything up to this tick has fired.
    private var current: UInt64
    private(set) var count = 0

    init(now: UInt64) { current = now / Self.tick }

    /// A time that has passed is due when time moves on next, however often the timer is started again before that.
    mutating func start(_ timer: Timer, handler: any TimerHandler, at time: UInt64, now: UInt64) {
        let tick = time <= now ? time / Self.tick : (time + Self.tick - 1) / Self.tick
        let deadline = max(tick, current + 1)
        timer.handler = handler
        if timer.isRunning {
            if deadline >= timer.deadline {
                timer.deadline = deadline
                return
            }
            remove(timer)
        }
        timer.deadline = deadline
        insert(timer)
    }

    mutating func cancel(_ timer: Timer) {
        if timer.isRunning { remove(timer) }
        timer.handler = nil
    }

    /// How long until `advance` has something to look at. Unit: nanoseconds; nil without timers.
    func wait(now: UInt64) -> UInt64? {
        guard count > 0 else { return nil }
        let start = Int((current + 1) % UInt64(Self.slotCount))
        var distance = 0
        while distance < Self.slotCount {
            let slot = (start + distance) % Self.slotCount
            let word = occupied[slot / 64] >> UInt64(slot % 64)
            if word != 0 {
                distance += word.trailingZeroBitCount
                break
            }
            distance += 64 - slot % 64
        }
        let time = (current + 1 + UInt64(distance)) * Self.tick
        return time > now ? time - now : 0
    }

    /// Moves time on to `now`, answering the timers whose time has come, in order of their ticks. They run no more.
    mutating func advance(to now: UInt64) -> [Timer] {
        let target = now / Self.tick
        guard target > current else { return [] }
        guard count > 0 else {
            current = target
            return []
        }
        var fired: [Timer] = []
        // A long pause visits each slot once: a timer of a later round is found by its deadline.
        let steps = min(target - current, UInt64(Self.slotCount))
        let first = target - steps + 1
        current = target
        for tick in first...target {
            let slot = Int(tick % UInt64(Self.slotCount))
            guard occupied[slot / 64] & (1 << UInt64(slot % 64)) != 0 else { continue }
            for timer in slots[slot] {
                if timer.deadline <= target {
                    remove(timer)
                    fired.append(timer)
                } else if Int(timer.deadline % UInt64(Self.slotCount)) != slot {
                    // Started again meanwhile: on to the slot of its deadline.
                    remove(timer)
                    insert(timer)
                }
            }
        }
        return fired.sorted { $0.deadline < $1.deadline }
    }

    private mutating func insert(_ timer: Timer) {
        let slot = Int(timer.deadline % UInt64(Self.slotCount))
        timer.slot = slot
        timer.index = slots[slot].count
        slots[slot].append(timer)
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
        count += 1
    }

    private mutating func remove(_ timer: Timer) {
        let slot = timer.slot
        let last = slots[slot].removeLast()
        if last !== timer {
            slots[slot][timer.index] = last
            last.index = timer.index
        }
        if slots[slot].isEmpty { occupied[slot / 64] &= ~(1 << UInt64(slot % 64)) }
        timer.slot = -1
        count -= 1
    }
}
