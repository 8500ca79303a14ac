/// The header of a control message: eight bytes, the payload's length (32 bits) and the kind (32 bits).
public struct ControlFrame: Equatable, Sendable {
    public static let headerSize = 8
    /// The largest message: routes of a hundred thousand sites fit.
    public static let maximumPayload = 64 << 20
    /// The kinds of messages that have limits of their own.
    fileprivate static let webConfig: UInt32 = 65
    fileprivate static let moduleEvent: UInt32 = 68

    public let length: Int
    let kind: UInt32

    /// The header at the beginning of `bytes`; nil when fewer than eight are there.
    public init?(_ bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.headerSize else { return nil }
        length = Int(bytes.integer(UInt32.self, at: 0))
        kind = bytes.integer(UInt32.self, at: 4)
        let limit =
            switch kind {
            case Self.webConfig: WebConfigReport.maximumSize
            case Self.moduleEvent: ModuleNotice.maximumSize
            default: Self.maximumPayload
            }
        guard length <= limit else { throw WireError(.tooLarge, "control message") }
    }
}

extension ControlMessage {
    /// Appends the message with its header.
    public func append(to output: inout [UInt8]) {
        let start = output.count
        output.append(littleEndian: UInt32(0))
        output.append(littleEndian: kind)
        appendPayload(to: &output)
        output.replace(at: start, littleEndian: UInt32(output.count - start - ControlFrame.headerSize))
    }

    private var kind: UInt32 {
        switch self {
        case .hello: 1
        case .listen: 2
        case .unlisten: 3
        case .routes: 4
        case .activate: 5
        case .activationFailed: 6
        case .linkReady: 7
        case .retire: 8
        case .workerGone: 9
        case .linkBroken: 10
        case .configure: 11
        case .link: 12
        case .ready: 13
        case .drain: 14
        case .goodbye: 15
        case .stop: 16
        case .ping: 17
        case .pong: 18
        case .trouble: 19
        case .logWanted: 20
        case .logOpened: 21
        case .logRefused: 22
        case .reopenLogs: 23
        case .logFailed: 24
        case .routesChanged: 27
        case .poolState: 30
        case .activationLapsed: 31
        case .loops: 40
        case .countsWanted: 50
        case .counts: 51
        case .holds: 41
        case .routerReport: 42
        case .workerReport: 43
        case .handOver: 44
        case .limits: 32
        case .trace: 60
        case .traced: 61
        case .requestsWanted: 62
        case .requests: 63
        case .unlink: 45
        case .unlinked: 46
        case .idle: 33
        case .requestLimitReached: 34
        case .webConfigsWanted: 64
        case .webConfig: ControlFrame.webConfig
        case .trafficWanted: 66
        case .traffic: 67
        case .moduleEvent: ControlFrame.moduleEvent
        case .recycleWanted: 69
        }
    }

    private func appendPayload(to output: inout [UInt8]) {
        switch self {
        case .hello(let role, let versions):
            output.append(role.rawValue)
            versions.append(to: &output)
        case .listen(let endpoint), .unlisten(let endpoint), .holds(let endpoint): endpoint.append(to: &output)
        case .routes(let table): table.append(to: &output)
        case .routesChanged(let difference): difference.append(to: &output)
        case .activate(let pool), .activationFailed(let pool), .activationLapsed(let pool):
            output.append(littleEndian: pool)
        case .linkReady(let pool, let worker):
            output.append(littleEndian: pool)
            output.append(littleEndian: worker)
        case .retire(let worker), .workerGone(let worker), .unlink(let worker): output.append(littleEndian: worker)
        case .unlinked(let worker, let isQuiet):
            output.append(littleEndian: worker)
            output.append(isQuiet ? 1 : 0)
        case .linkBroken(let worker, let reason):
            output.append(littleEndian: worker)
            output.append(counted: reason)
        case .configure(let slice):
            output.append(littleEndian: slice.pool)
            output.append(counted: slice.poolName)
            output.append(counted: slice.path)
            output.append(counted: slice.folder)
            output.append(littleEndian: UInt32(slice.schemaFiles.count))
            for file in slice.schemaFiles {
                output.append(counted: file.path)
                output.append(littleEndian: file.size)
            }
        case .goodbye(let text), .trouble(let text): output.append(counted: text)
        case .ping(let value), .pong(let value), .countsWanted(let value), .requestsWanted(let value),
            .trafficWanted(let value):
            output.append(littleEndian: value)
        case .counts(let number, let counts):
            output.append(littleEndian: number)
            output.append(littleEndian: counts.requests)
            output.append(littleEndian: counts.inWork)
            output.append(littleEndian: counts.connections)
            output.append(array: counts.queues) {
                $0.append(littleEndian: $1.pool)
                $0.append(littleEndian: $1.waiting)
            }
        case .traced(let request): request.append(to: &output)
        case .requests(let number, let requests):
            output.append(littleEndian: number)
            output.append(littleEndian: UInt32(requests.count))
            for request in requests { request.append(to: &output) }
        case .logWanted(let request): request.append(to: &output)
        case .logOpened(let answer): answer.append(to: &output)
        case .logRefused(let log, let number):
            log.append(to: &output)
            output.append(littleEndian: number)
        case .logFailed(let log, let reason):
            log.append(to: &output)
            output.append(counted: reason)
        case .poolState(let pool, let state):
            output.append(littleEndian: pool)
            output.append(state.rawValue)
        case .loops(let count): output.append(count)
        case .routerReport(let report): report.append(to: &output)
        case .workerReport(let report): report.append(to: &output)
        case .limits(let limits):
            output.append(littleEndian: limits.idleTimeout)
            output.append(littleEndian: limits.requests)
        case .webConfig(let report): report.append(to: &output)
        case .moduleEvent(let notice): notice.append(to: &output)
        case .traffic(let number, let page):
            output.append(littleEndian: number)
            page.append(to: &output)
        case .link, .trace, .ready, .drain, .stop, .reopenLogs, .handOver, .idle, .requestLimitReached,
            .webConfigsWanted, .recycleWanted:
            break
        }
    }

    /// Reads the payload that follows `frame`.
    public init(decoding payload: Span<UInt8>, of frame: ControlFrame) throws(WireError) {
        var reader = ByteReader(payload, "control message \(frame.kind)")
        switch frame.kind {
        case 1:
            guard let role = Role(rawValue: try reader.integer()) else { throw WireError(.invalid, reader.subject) }
            self = .hello(role: role, versions: try Versions(&reader))
        case 2: self = .listen(try Endpoint(&reader))
        case 3: self = .unlisten(try Endpoint(&reader))
        case 4: self = .routes(try RouteTable(&reader))
        case 5: self = .activate(pool: try reader.integer())
        case 6: self = .activationFailed(pool: try reader.integer())
        case 7: self = .linkReady(pool: try reader.integer(), worker: try reader.integer())
        case 8: self = .retire(worker: try reader.integer())
        case 9: self = .workerGone(worker: try reader.integer())
        case 10: self = .linkBroken(worker: try reader.integer(), reason: try reader.string())
        case 11:
            self = .configure(
                Slice(
                    pool: try reader.integer(), poolName: try reader.string(), path: try reader.string(),
                    folder: try reader.string(),
                    schemaFiles: try reader.array { reader throws(WireError) in
                        Slice.SchemaFile(path: try reader.string(), size: try reader.integer())
                    }))
        case 12: self = .link
        case 13: self = .ready
        case 14: self = .drain
        case 15: self = .goodbye(reason: try reader.string())
        case 16: self = .stop
        case 17: self = .ping(try reader.integer())
        case 18: self = .pong(try reader.integer())
        case 19: self = .trouble(try reader.string())
        case 20: self = .logWanted(try LogFileRequest(&reader))
        case 21: self = .logOpened(try LogFileAnswer(&reader))
        case 22: self = .logRefused(try LogID(&reader), number: try reader.integer())
        case 23: self = .reopenLogs
        case 27: self = .routesChanged(try RouteDifference(&reader))
        case 24: self = .logFailed(try LogID(&reader), reason: try reader.string())
        case 30:
            let pool: UInt32 = try reader.integer()
            guard let state = RouteTable.PoolState(rawValue: try reader.integer()) else {
                throw WireError(.invalid, reader.subject)
            }
            self = .poolState(pool: pool, state)
        case 31: self = .activationLapsed(pool: try reader.integer())
        case 40: self = .loops(try reader.integer())
        case 50: self = .countsWanted(try reader.integer())
        case 51:
            self = .counts(
                try reader.integer(),
                RoleCounts(
                    requests: try reader.integer(), inWork: try reader.integer(), connections: try reader.integer(),
                    queues: try reader.array { reader throws(WireError) in
                        RoleCounts.Queue(pool: try reader.integer(), waiting: try reader.integer())
                    }))
        case 41: self = .holds(try Endpoint(&reader))
        case 42: self = .routerReport(try RouterReport(&reader))
        case 43: self = .workerReport(try WorkerReport(&reader))
        case 44: self = .handOver
        case 60: self = .trace
        case 61: self = .traced(try TracedRequest(&reader))
        case 62: self = .requestsWanted(try reader.integer())
        case 63:
            self = .requests(
                try reader.integer(), try reader.array { reader throws(WireError) in try RunningRequest(&reader) })
        case 45: self = .unlink(worker: try reader.integer())
        case 46: self = .unlinked(worker: try reader.integer(), isQuiet: try reader.boolean())
        case 32: self = .limits(Limits(idleTimeout: try reader.integer(), requests: try reader.integer()))
        case 33: self = .idle
        case 34: self = .requestLimitReached
        case 64: self = .webConfigsWanted
        case ControlFrame.webConfig: self = .webConfig(try WebConfigReport(&reader))
        case ControlFrame.moduleEvent: self = .moduleEvent(try ModuleNotice(&reader))
        case 69: self = .recycleWanted
        case 66: self = .trafficWanted(try reader.integer())
        case 67: self = .traffic(try reader.integer(), try TrafficPage(&reader))
        default: throw WireError(.unknown, reader.subject)
        }
        try reader.end()
    }
}
