import Configuration
import Wire

/// What the connection must be like.
///
/// Section: `system.webServer/security/access`. Client certificates do not reach a worker yet, so a path that
/// requires one refuses everybody.
struct SecureChannel {
    private let flags: UInt32

    init(_ section: Element) { flags = section.flags("sslFlags") }

    func refusal(_ scheme: RequestHead.Scheme) -> Refusal? {
        let ssl: UInt32 = 8
        let requireCertificate: UInt32 = 64
        let ssl128: UInt32 = 256
        if scheme == .http {
            if flags & ssl128 != 0 { return .strongSecureChannelRequired }
            if flags & ssl != 0 { return .secureChannelRequired }
        }
        return flags & requireCertificate != 0 ? .clientCertificateRequired : nil
    }
}
