import HostModel
import Wire

extension RouteTable.SiteLimits {
    init(_ limits: Site.Limits) {
        self.init(
            connectionTimeout: limits.connectionTimeout.wholeSeconds, maxConnections: limits.maxConnections,
            maxBandwidth: limits.maxBandwidth)
    }
}

extension RouteTable.ServerLimits {
    init(_ limits: HostModel.WebLimits) {
        self.init(
            connectionTimeout: limits.connectionTimeout.wholeSeconds,
            headerWaitTimeout: limits.headerWaitTimeout.wholeSeconds, minBytesPerSecond: limits.minBytesPerSecond,
            maxGlobalBandwidth: limits.maxGlobalBandwidth)
    }
}

extension Duration {
    fileprivate var wholeSeconds: UInt32 { UInt32(clamping: components.seconds) }
}
