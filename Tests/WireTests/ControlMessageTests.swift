import Testing
import Wire

struct ControlMessageTests {
    static let table = RouteTable(
        pools: [RouteTable.Pool(id: 7, name: "Größe", queueLength: 1000, state: .offline, closesConnections: true)],
        sites: [
            RouteTable.Site(
                id: 3, name: "Shop", state: .unavailable,
                limits: .init(connectionTimeout: 30, maxConnections: 5, maxBandwidth: 1 << 20),
                bindings: [
                    RouteTable.Binding(address: IPAddress(v4: 0x7f00_0001), port: 8080, host: .exact("a.test")),
                    RouteTable.Binding(port: 80, host: .suffix("b.test")), RouteTable.Binding(port: 81),
                ], applications: [RouteTable.Application(path: "/", pool: 7)], log: 1),
            RouteTable.Site(id: 4, name: "Quiet", bindings: [], applications: []),
        ],
        logs: [
            LogSettings(directory: "/logs", isCentral: true, fields: [.date, .httpSubStatus], period: .hourly),
            LogSettings(
                directory: "", fields: [], period: .maximumSize, truncateSize: 1 << 32, rollsOverInLocalTime: true,
                customFields: [
                    .init(name: "x-for", source: .requestHeader, sourceName: "X-Forwarded-For"),
                    .init(name: "", source: .serverVariable, sourceName: "URL"),
                ], maximumCustomLength: 65_536),
        ],
        limits: .init(connectionTimeout: 1, headerWaitTimeout: 2, minBytesPerSecond: 3, maxGlobalBandwidth: 4))

    static let messages: [ControlMessage] = [
        .hello(role: .worker, versions: Versions(oldest: 1, newest: 3)),
        .listen(Endpoint(address: .any, port: 80)),
        .unlisten(Endpoint(address: IPAddress(high: 1, low: 2), port: 443)),
        .routes(table), .activate(pool: 1), .activationFailed(pool: 2), .linkReady(pool: 3, worker: 1 << 40),
        .retire(worker: 4), .unlink(worker: 9), .unlinked(worker: 9, isQuiet: true), .workerGone(worker: 5),
        .linkBroken(worker: 6, reason: "frame is larger than allowed"),
        .configure(
            .init(
                pool: 7, poolName: "p", path: "/srv/shared/applicationHost.config", folder: "/etc/hostelry",
                schemaFiles: [.init(path: "/etc/hostelry/schema/a.xml", size: 1 << 20), .init(path: "", size: 0)])),
        .link, .loops(3), .ready, .drain, .goodbye(reason: "drained"), .trouble("x"), .stop, .ping(.max), .pong(0),
        .logWanted(.init(log: .site(9), number: 3, name: .exact("u_ex261121.log"))),
        .logWanted(.init(log: .errors, number: .max, name: .numbered(prefix: "httperr", minimum: 7))),
        .logWanted(.init(log: .site(1), number: 1, name: .numbered(prefix: "u_extend", minimum: 1, suffix: "_x"))),
        .logOpened(.init(log: .central, number: 3, fileNumber: 12, length: 1 << 40)),
        .holds(Endpoint(address: .any, port: 443)),
        .routerReport(
            .init(pools: [.init(id: 3, name: "Größe")], workers: [7, 1 << 40], loops: 2, isDraining: true)),
        .workerReport(.init(isReady: true, isDraining: false, requests: 1 << 33)), .handOver,
        .logRefused(.site(1), number: 5), .reopenLogs, .logFailed(.errors, reason: "No space left on device"),
        .poolState(pool: 8, .disabled), .activationLapsed(pool: 9),
        .countsWanted(7),
        .counts(
            7, .init(requests: 1 << 40, inWork: 3, connections: .max, queues: [.init(pool: 1, waiting: 9)])),
        .trace, .requestsWanted(8),
        .traced(
            .init(
                siteID: 3, method: "GET", target: "/a?b", status: 404, subStatus: 8, module: "RequestFilteringModule",
                stage: "BeginRequest", microseconds: 1 << 33)),
        .requests(
            9,
            [
                .init(
                    siteID: 3, method: "POST", target: "/ä",
                    client: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 5),
                    stage: "ExecuteRequestHandler", module: "FastCgiModule", milliseconds: 12)
            ]),
        .moduleEvent(.init(1020, .error, "größe", site: "Shop", application: "/a")),
        .moduleEvent(.init(1036, .information, "")),
        .trafficWanted(10), .traffic(10, .init(entries: [], isLast: true)),
        .traffic(
            10,
            .init(
                entries: [
                    .init(
                        .site, id: .max, since: 1 << 40,
                        counts: .init(
                            answers: [0, 1, .max, 127, 128, 16_384], received: .max, sent: 1 << 63, duration: 1 << 62,
                            latencies: [(0, 1), (7, 300), (8, .max), (80, 5)])),
                    .init(.pool, id: 1, since: 0, counts: .init()),
                ], isLast: false)),
        .limits(.init(idleTimeout: 1_200_000, requests: .max)), .idle, .requestLimitReached, .recycleWanted,
        .webConfigsWanted,
        .webConfig(.init(siteID: 3, path: "/a", file: "/srv/a/web.config", content: .absent)),
        .webConfig(
            .init(
                siteID: .max, path: "/größe", file: "/srv/größe/Web.config",
                content: .read(
                    [
                        .init(
                            location: "b", name: "system.webServer/directoryBrowse", fragment: "<directoryBrowse/>",
                            overrideMode: .deny, inherits: false, line: 4)
                    ], problem: .init(line: 4, message: "m")))),
    ]

    func bytes(_ message: ControlMessage) -> [UInt8] {
        var bytes: [UInt8] = []
        message.append(to: &bytes)
        return bytes
    }

    func decode(_ bytes: [UInt8]) throws -> ControlMessage? {
        guard let frame = try ControlFrame(bytes.span) else { return nil }
        #expect(frame.length == bytes.count - ControlFrame.headerSize)
        return try ControlMessage(
            decoding: bytes.span.extracting(droppingFirst: ControlFrame.headerSize), of: frame)
    }

    @Test(arguments: messages) func aMessageArrivesAsItWasSent(_ message: ControlMessage) throws {
        #expect(try decode(bytes(message)) == message)
    }

    @Test(arguments: messages) func aMessageThatEndsTooSoonOrTooLateIsRefused(_ message: ControlMessage) throws {
        let whole = bytes(message)
        let frame = try #require(try ControlFrame(whole.span))
        let payload = Array(whole.dropFirst(ControlFrame.headerSize))
        for length in 0..<payload.count {
            let cut = Array(payload[..<length])
            #expect(throws: WireError.self) { try ControlMessage(decoding: cut.span, of: frame) }
        }
        let long = payload + [0]
        #expect(throws: WireError.self) { try ControlMessage(decoding: long.span, of: frame) }
    }

    @Test(arguments: [
        "../x.log", "a/b.log", ".log", "u_ex", "x.log\0", "-x.log", String(repeating: "a", count: 65) + ".log",
    ])
    func aLogFileIsNoPath(_ name: String) throws {
        let message = bytes(.logWanted(.init(log: .errors, number: 1, name: .exact(name))))
        #expect(throws: WireError.self) { try decode(message) }
        let numbered = bytes(.logWanted(.init(log: .errors, number: 1, name: .numbered(prefix: name, minimum: 1))))
        guard name != "u_ex" else { return }
        #expect(throws: WireError.self) { try decode(numbered) }
    }

    @Test func aSiteWhoseLogIsNotInTheTableIsRefused() throws {
        var table = Self.table
        table.sites[0].log = 2
        let message = bytes(.routes(table))
        #expect(throws: WireError.self) { try decode(message) }
    }

    @Test func aHeaderOfFewerThanEightBytesIsNotThereYet() throws {
        #expect(try ControlFrame([0, 0, 0, 0, 1, 0, 0].span) == nil)
    }

    @Test func aMessageLargerThanAllowedIsRefusedByItsHeader() {
        #expect(throws: WireError.self) { try ControlFrame([0, 0, 0, 5, 4, 0, 0, 0].span) }
    }

    @Test func aReportOfAWebConfigLargerThanAnyIsRefusedByItsHeader() throws {
        let limit = UInt32(WebConfigReport.maximumSize)
        let header = { (length: UInt32) in
            (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [65, 0, 0, 0]
        }
        #expect(try ControlFrame(header(limit).span)?.length == WebConfigReport.maximumSize)
        #expect(throws: WireError.self) { try ControlFrame(header(limit + 1).span) }
    }

    @Test(arguments: messages) func theSizeOfAReportIsThatOfItsMessage(_ message: ControlMessage) {
        guard case .webConfig(let report) = message else { return }
        #expect(bytes(message).count - ControlFrame.headerSize <= report.size)
    }

    @Test func aCountThatExceedsWhatIsLeftIsRefusedBeforeAnythingIsAllocated() throws {
        // Routes whose pool count says four thousand million.
        #expect(throws: WireError.self) { try decode([4, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255]) }
    }

    @Test func aTableThatNamesAPoolItDoesNotHoldIsRefused() {
        var table = Self.table
        table.sites[0].applications[0].pool = 8
        #expect(throws: WireError.self) { try decode(bytes(.routes(table))) }
    }

    @Test func theNewestCommonVersionHolds() throws {
        let ours = Versions(oldest: 2, newest: 5)
        #expect(try ours.common(with: Versions(oldest: 1, newest: 4)) == 4)
        #expect(try ours.common(with: Versions(oldest: 5, newest: 9)) == 5)
        #expect(throws: WireError.self) { try ours.common(with: Versions(oldest: 6, newest: 9)) }
    }
}
