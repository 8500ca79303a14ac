import HostModel

/// What of a pool's settings decides who its workers are and what they may.
struct ProcessSettings: Equatable, Sendable {
    let identity: ApplicationPool.ProcessModel.Identity
    let userName: String
    let cpu: ApplicationPool.CPU?
    let is32Bit: Bool

    init(_ pool: ApplicationPool) {
        identity = pool.processModel.identity
        userName = pool.processModel.userName
        cpu = pool.cpu
        is32Bit = pool.enable32BitAppOnWin64
    }

    private init() {
        identity = .applicationPoolIdentity
        userName = ""
        cpu = nil
        is32Bit = false
    }

    /// A pool about which nothing was said.
    static let standard = ProcessSettings()
}
