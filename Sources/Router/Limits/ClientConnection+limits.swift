internal import EventLoop

extension ClientConnection {
    /// Counts the connection for the site of its request, and holds its output to the bandwidth; answers why not.
    func enter(_ site: SiteLimits) -> Refusal? {
        if countedBy !== site {
            leaveSite()
            guard site.admit() else { return .connectionLimit }
            countedBy = site
        }
        let server = router.limits.bandwidth
        let isLimited = site.bandwidth.isLimited || server.isLimited
        if isLimited, throttle == nil, let stream { throttle = Throttle(site: site.bandwidth, server: server, stream) }
        if isLimited != (stream?.pacer != nil) { stream?.pacer = isLimited ? throttle : nil }
        return nil
    }

    /// The connection is over, or turns to another site.
    func leaveSite() {
        countedBy?.leave()
        countedBy = nil
        throttle?.end()
        throttle = nil
        stream?.pacer = nil
    }
}
