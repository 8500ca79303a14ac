import EventLoop
import Platform

/// Reads what a process prints, as it comes, until nobody is left to print: a fair share in each turn of the loop.
final class OutputReader: ReadinessHandler, TurnHandler {
    /// Unit: bytes. As much as a pipe holds.
    private static let fairShare = 1 << 16

    private let loop: EventLoop
    private var descriptor: FileDescriptor?
    private let take: ([UInt8]) -> Void
    private let ended: (OutputReader) -> Void
    private var isListed = false

    /// The loop keeps it until there is nobody left to print.
    init(
        _ reading: consuming FileDescriptor, on loop: EventLoop, take: @escaping ([UInt8]) -> Void,
        ended: @escaping (OutputReader) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.take = take
        self.ended = ended
        descriptor = consume reading
        if let number = descriptor?.number { try loop.register(number, self) }
    }

    func ready(_ readiness: Readiness) { read() }

    func turnEnded() {
        isListed = false
        read()
    }

    /// Takes what is there, a fair share of it; the rest comes in the next turns.
    func read() {
        guard descriptor != nil, !isListed else { return }
        switch arrived {
        case .bytes(let bytes):
            take(bytes)
            // There may be more, or the end.
            isListed = true
            loop.inNextTurn(self)
        case .nothing: break
        case .end: close()
        }
    }

    /// Takes at once what a process that has ended left, as much as a pipe holds.
    func drain() {
        guard case .bytes(let bytes) = arrived else { return }
        take(bytes)
    }

    private var arrived: FileDescriptor.Arrival {
        guard let arrival = try? descriptor?.takeArrived(atMost: Self.fairShare) else { return .end }
        return arrival
    }

    /// Nothing more is taken: who prints on gets an error.
    func close() {
        guard let number = descriptor?.number else { return }
        loop.unregister(number)
        descriptor = nil
        ended(self)
    }
}
