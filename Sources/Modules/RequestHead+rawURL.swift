import Pipeline
import Wire

extension RequestHead {
    /// The target up to its query, as the client sent it.
    var rawURL: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let target = target
            return target.extracting(first: target.firstIndex(of: 0x3F) ?? target.count)
        }
    }
}
