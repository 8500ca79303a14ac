import Wire

/// The request's body, for the module that reads it and from the stream that brings it.
extension RequestContext {
    /// Whether somebody waits for the answer. False once the client is gone, of which a reader hears too.
    public var hasClient: Bool { sink != nil }

    /// Whether the request may be answered with 101, which makes its connection a tunnel.
    public var canBecomeTunnel: Bool { sink?.canBecomeTunnel ?? false }

    /// Has `reader` hear the body from now on, beginning with what has come; a client that waits to be asked for it
    /// (`Expect: 100-continue`) is asked. Until `stopReading`, or the request is over.
    public func read(_ reader: any RequestBodyReader) {
        isLaden = true
        input.reader = reader
        sink?.wantBody()
        if !input.held.isEmpty {
            let held = input.held
            input.held = []
            reader.received(held.span)
        }
        if input.hasEnded { reader.receivedEnd() }
    }

    /// Nobody reads any more; what still comes is let go.
    public func stopReading() { input.reader = nil }

    /// Lets `count` more bytes come, for as many that were dealt with.
    public func took(_ count: Int) { sink?.took(count) }

    /// The response cannot go on, or its client is to hear no more of it: the connection breaks off. For the source of a
    /// tunnel whose client does not end its half.
    public func breakOff() { pipeline.breakOff(self) }

    /// Bytes of the body have come, or of a tunnel.
    public func receivedBody(_ bytes: Span<UInt8>) {
        guard input.isTunnel || takesBody(bytes.count) else { return tooMuchCame() }
        if let reader = input.reader {
            reader.received(bytes)
        } else if sending.phase == .making, sending.position == 0 {
            isLaden = true
            input.held.append(copying: bytes)
        } else {
            took(bytes.count)
        }
    }

    /// A response that has begun breaks off, one that has not is refused when the module lets go.
    private func tooMuchCame() {
        guard let reader = input.reader else { return }
        if sending.phase == .sending { return breakOff() }
        input.reader = nil
        reader.stopped()
    }

    /// The body is complete, or the client has ended its half of a tunnel.
    public func receivedBodyEnd() {
        // A request without a body ends at once, before anybody can have made a tunnel of it.
        guard input.isTunnel || head.body != .none else { return }
        isLaden = true
        input.hasEnded = true
        input.reader?.receivedEnd()
        pipeline.clientEnded(self)
    }

    /// The response is 101, and its client may go on in the protocol that it offered.
    func beginTunnel() {
        isLaden = true
        input.isTunnel = true
        input.hasEnded = false
    }

    /// No module will read what was held back.
    func letBodyGo() {
        guard !input.held.isEmpty else { return }
        let count = input.held.count
        input.held = []
        took(count)
    }
}
