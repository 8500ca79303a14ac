internal import CPlatform
internal import Glibc

/// What a descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    public static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The other end writes no more, or the connection is broken: reading goes on to its end.
    public static let ended = Readiness(rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// The connection is broken in both directions.
    public static let broken = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
}

/// An epoll instance, edge-triggered: a caller reads and writes until told that it would block.
@safe
public struct ReadinessQueue: ~Copyable {
    private let descriptor: FileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private let capacity: Int32

    /// `capacity` is how many events one wait reports at most.
    public init(capacity: Int32 = 512) throws(SystemError) {
        let number = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard number >= 0 else { throw SystemError("epoll_create1") }
        descriptor = FileDescriptor(owning: number)
        unsafe events = .allocate(capacity: Int(capacity))
        self.capacity = capacity
    }

    deinit { unsafe events.deallocate() }

    /// Watches a descriptor for input and its end; its events carry `token`.
    public borrowing func add(_ number: Int32, token: UInt64) throws(SystemError) {
        guard control(EPOLL_CTL_ADD, number, token, output: false) else {
            throw SystemError("epoll_ctl", "EPOLL_CTL_ADD")
        }
    }

    /// Watches a descriptor for room to write too, or no more. Asked for only while something waits to be written: a
    /// Unix socket reports room each time its peer reads, which would be a wake-up for each message.
    public borrowing func watchOutput(_ number: Int32, token: UInt64, _ isWatched: Bool) {
        _ = control(EPOLL_CTL_MOD, number, token, output: isWatched)
    }

    private borrowing func control(_ operation: Int32, _ number: Int32, _ token: UInt64, output: Bool) -> Bool {
        let output = output ? EPOLLOUT.rawValue : 0
        // The union is written and read as u64 only.
        var event = unsafe epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue | output, data: epoll_data_t(u64: token))
        return unsafe epoll_ctl(descriptor.number, operation, number, &event) == 0
    }

    public borrowing func remove(_ number: Int32) {
        var unused = unsafe epoll_event()
        _ = unsafe epoll_ctl(descriptor.number, EPOLL_CTL_DEL, number, &unused)
    }

    /// Waits at most `timeout` milliseconds (-1: for ever); answers how many events there are.
    public borrowing func wait(timeout: Int32) -> Int {
        // EINTR is no event; nothing else can go wrong with a descriptor and a buffer of our own.
        max(0, Int(unsafe epoll_wait(descriptor.number, events, capacity, timeout)))
    }

    /// Event `index` of the last wait.
    public borrowing func event(_ index: Int) -> (token: UInt64, readiness: Readiness) {
        precondition(index >= 0 && index < capacity)  // `events` holds that many.
        let event = unsafe events[index]
        return unsafe (event.data.u64, Readiness(rawValue: event.events))
    }
}

/// A counter that wakes a `ReadinessQueue` from another thread.
public struct WakeUp: ~Copyable, Sendable {
    public let descriptor: FileDescriptor

    public init() throws(SystemError) {
        let number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw SystemError("eventfd") }
        descriptor = FileDescriptor(owning: number)
    }

    public borrowing func signal() { eventfd_write(descriptor.number, 1) }

    public borrowing func clear() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.number, &count)
    }
}

/// Signals as something to read. The signals are blocked in the thread that makes it: make it on the main thread,
/// before any other thread starts.
public struct SignalDescriptor: ~Copyable, Sendable {
    public let descriptor: FileDescriptor

    public init(_ signals: [Int32]) throws(SystemError) {
        let number = unsafe hostelry_signal_descriptor(signals, Int32(signals.count))
        guard number >= 0 else { throw SystemError("signalfd") }
        descriptor = FileDescriptor(owning: number)
    }

    /// The next signal that came; nil when none waits.
    public borrowing func next() -> Int32? {
        let number = hostelry_next_signal(descriptor.number)
        return number > 0 ? number : nil
    }
}
