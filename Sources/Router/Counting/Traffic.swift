internal import EventLoop
internal import Wire

/// What one loop has counted of a site's requests, or of a pool's.
final class Traffic {
    /// When counting began. Seconds since 1970, UTC.
    let since: Int64
    var counts = TrafficCounts()

    init(since: Int64) { self.since = since }
}

extension ClientConnection {
    /// The request is over: counts it, once. `status` 0: without an answer.
    ///
    /// Its time is that of the loop's turn, as in the access log: no clock is read.
    func tally(_ status: UInt16 = 0) {
        let time = router.loop.now &- notes.startedAt
        let (received, sent) = (notes.answer.received, notes.answer.sent)
        (notes.traffic ?? router.traffic.unrouted)
            .counts.count(status: status, nanoseconds: time, received: received, sent: sent)
        notes.pool?.countedTraffic()
            .counts.count(status: status, nanoseconds: time, received: received, sent: sent)
    }
}
