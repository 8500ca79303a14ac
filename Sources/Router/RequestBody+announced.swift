internal import HTTP1
internal import Wire

extension RequestBody {
    /// As the worker is told; only before anything was taken.
    var announced: RequestHead.Body {
        switch self {
        case .none: .none
        case .length(let length): .length(length)
        case .chunked: .chunked
        }
    }
}
