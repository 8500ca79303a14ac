/// What a router that outlived its master tells the next one, behind the sockets that it holds.
public struct RouterReport: Equatable, Sendable {
    /// A pool of its routes.
    public struct Pool: Equatable, Sendable {
        /// `RouteTable.Pool.id`
        public var id: UInt32
        public var name: String

        public init(id: UInt32, name: String) {
            self.id = id
            self.name = name
        }
    }

    public var pools: [Pool]
    /// The numbers of the workers that it has links to and gives requests to.
    public var workers: [UInt64]
    /// How many event loops it has: each has a link of its own to every worker.
    public var loops: UInt16
    /// It takes no connections any more and is about to end.
    public var isDraining: Bool

    public init(pools: [Pool], workers: [UInt64], loops: UInt16, isDraining: Bool) {
        self.pools = pools
        self.workers = workers
        self.loops = loops
        self.isDraining = isDraining
    }

    func append(to output: inout [UInt8]) {
        output.append(array: pools) {
            $0.append(littleEndian: $1.id)
            $0.append(counted: $1.name)
        }
        output.append(array: workers) { $0.append(littleEndian: $1) }
        output.append(littleEndian: loops)
        output.append(isDraining ? 1 : 0)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        pools = try reader.array { reader throws(WireError) in
            Pool(id: try reader.integer(), name: try reader.string())
        }
        workers = try reader.array { reader throws(WireError) in try reader.integer() }
        loops = try reader.integer()
        isDraining = try reader.boolean()
    }
}

/// What a worker that outlived its master tells the next one. Which worker it is, and of which pool, the master knows
/// better: a worker may run anybody's code.
public struct WorkerReport: Equatable, Sendable {
    /// It has a configuration and serves.
    public var isReady: Bool
    /// It takes no new request and is about to end.
    public var isDraining: Bool
    /// How many requests it has begun since it started.
    public var requests: UInt64

    public init(isReady: Bool, isDraining: Bool, requests: UInt64) {
        self.isReady = isReady
        self.isDraining = isDraining
        self.requests = requests
    }

    func append(to output: inout [UInt8]) {
        output.append(isReady ? 1 : 0)
        output.append(isDraining ? 1 : 0)
        output.append(littleEndian: requests)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        isReady = try reader.boolean()
        isDraining = try reader.boolean()
        requests = try reader.integer()
    }
}
