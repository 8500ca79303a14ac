/// Which routers have given back their links to a worker that is to be suspended.
struct LinkReturn: Equatable, Sendable {
    /// Those that have not answered.
    var awaited: Set<UInt64> = []
    /// Those that kept theirs, since a request came.
    var kept: Set<UInt64> = []
}
