internal import EventLoop
internal import Platform

/// A response's body that goes out from where it lies, behind the head, without passing through the output.
protocol BodyTransfer: OutputSource {
    /// Whether it waits for something else than the client.
    var isReading: Bool { get }
    /// The client is gone, or the response broke off.
    func cancel()
}
