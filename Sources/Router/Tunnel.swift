internal import EventLoop
internal import HTTP1
internal import Wire

/// A connection whose request was answered with 101: raw bytes go both ways, within the credit of each side, and each
/// half ends by itself. It may be idle for as long as both ends like; of a client that vanished the system tells.
extension ClientConnection {
    /// How long a silent client goes unasked for a sign of life. Unit: seconds.
    private static let keepAliveIdle: Int32 = 120

    /// The worker goes on in the protocol that the client offered.
    func becomeTunnel(_ response: ResponseHead) throws(LinkError) {
        guard let stream, let exchange, request.asksForUpgrade, state == .response else {
            throw LinkError("an upgrade that nobody asked for")
        }
        let before = stream.output.count
        try encoder.appendUpgrade(response, date: router.date, to: &stream.output)
        hasResponseHead = true
        noteHead(from: before, response.loggedVariables)
        notes.answer.status = response.status
        state = .tunnel
        exchange.becomeTunnel()
        router.loop.cancel(timer)
        stream.keepAlive(idle: Self.keepAliveIdle)
        stream.flushLater()
        if clientEnded { return exchange.endRequest() }
        stream.resume()
    }

    /// Passes on what the worker has credit for; answers how many bytes are done with.
    func forwardRaw(_ bytes: Span<UInt8>) -> Int {
        guard let exchange, exchange.credit > 0 else {
            stream?.pause()
            return 0
        }
        let count = min(bytes.count, exchange.credit)
        exchange.sendBody(bytes.extracting(first: count))
        notes.answer.received += UInt64(count)
        return count
    }

    /// The worker has nothing more to say and still listens.
    func tunnelOutputEnded() { stream?.endAfterOutput() }

    /// Both halves have ended.
    func tunnelEnded() {
        exchange = nil
        noteAnswer()
        endAfterOutput()
    }
}
