public import EventLoop
public import Platform
public import Wire

/// Whoever a channel belongs to.
public protocol ControlHandler: AnyObject {
    /// A message came, `hello` included. `descriptor` is there when and only when the message brings one.
    func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel)
    /// The other end is gone, or sent what is no message (`reason` says so; empty otherwise). The channel is closed.
    func ended(_ channel: ControlChannel, reason: String)
}

/// One end of a control conversation. Says `hello` at once; the other side's is checked for a common version.
public final class ControlChannel: StreamHandler {
    private let stream: BufferedStream
    /// Kept until the channel ends.
    private var handler: (any ControlHandler)?
    private var isGreeted = false
    /// Whether the channel ended because the two sides have no version of the protocol in common.
    public private(set) var hasNoCommonVersion = false

    /// Takes a non-blocking Unix stream socket.
    public init(
        _ descriptor: consuming FileDescriptor, on loop: EventLoop, role: ControlMessage.Role,
        handler: any ControlHandler
    ) throws(SystemError) {
        self.handler = handler
        stream = BufferedStream(descriptor, on: loop, passesDescriptors: true)
        stream.hearsLastWords = true
        try stream.open(self)
        send(.hello(role: role, versions: .control))
    }

    /// Sends at the end of this turn; nothing happens on a channel that has ended.
    public func send(_ message: ControlMessage) {
        precondition(message.descriptorCount == 0)  // The compiler cannot say which messages bring a descriptor.
        guard stream.isOpen else { return }
        message.append(to: &stream.output)
        stream.flushLater()
    }

    /// Sends a message that brings a descriptor.
    public func send(_ message: ControlMessage, descriptor: consuming FileDescriptor) {
        precondition(message.descriptorCount == 1)  // As above.
        guard stream.isOpen else { return }
        stream.send(descriptor)
        message.append(to: &stream.output)
        stream.flushLater()
    }

    /// Ends the conversation; what was sent before is lost unless it has been written.
    public func close() {
        stream.close()
        handler = nil
    }

    /// Ends the conversation when all that was sent is written. The handler then hears `ended`.
    public func closeAfterOutput() { stream.closeAfterOutput() }

    /// Takes no further message until `resume`, or the other end's end; who sends more then waits.
    public func pause() { stream.pause() }

    public func resume() { stream.resume() }

    /// Takes all that the other end said before it ended.
    public func hearLastWords() { stream.hearLastWords() }

    private func end(_ reason: String) {
        let handler = handler
        close()
        handler?.ended(self, reason: reason)
    }

    // MARK: Stream

    public func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        do throws(WireError) {
            while stream.isOpen, !stream.isPaused,
                let frame = try ControlFrame(bytes.extracting(droppingFirst: position))
            {
                let start = position + ControlFrame.headerSize
                guard bytes.count - start >= frame.length else { break }
                position = start + frame.length
                try receive(ControlMessage(decoding: bytes.extracting(start..<position), of: frame), from: stream)
            }
        } catch {
            end(error.description)
        }
        return position
    }

    private func receive(_ message: ControlMessage, from stream: BufferedStream) throws(WireError) {
        if case .hello(_, let versions) = message {
            do throws(WireError) {
                _ = try Versions.control.common(with: versions)
            } catch {
                hasNoCommonVersion = true
                throw error
            }
            isGreeted = true
        } else if !isGreeted {
            return end("a message came before hello")
        }
        guard message.descriptorCount > 0 else {
            handler?.received(message, descriptor: nil, from: self)
            return
        }
        guard let descriptor = stream.descriptors.take() else { return end("a message came without its descriptor") }
        handler?.received(message, descriptor: descriptor, from: self)
    }

    public func receivedEnd(from stream: BufferedStream) { end("") }

    public func failed(_ error: SystemError, on stream: BufferedStream) { end(error.description) }

    public func drained(_ stream: BufferedStream) {}

    public func closed(_ stream: BufferedStream) { end("") }
}
