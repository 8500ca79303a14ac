import Testing

@testable import Administration

@Suite struct StatusTests {
    private let status = ServerStatus(
        process: .init(pid: 10, memory: 3_500_000, uptime: 93_784), version: "0.1", state: "running",
        configuration: "/etc/hostelry/applicationHost.config", stateFolder: "/var/lib/hostelry",
        router: .init(process: .init(pid: 11, memory: nil, uptime: 59), state: "ready", connections: 1),
        sites: [
            .init(
                id: 1, name: "Main", state: "started", reasons: [],
                bindings: [
                    .init(protocol: "http", information: "*:80:", endpoint: "*:80", failure: nil),
                    .init(protocol: "http", information: "*:81:", endpoint: "*:81", failure: "Address already in use"),
                ]),
            .init(
                id: 2, name: "Broken", state: "quarantined", reasons: ["a.config:7: There is no pool."], bindings: []),
        ],
        pools: [
            .init(
                name: "Main", state: "started", identity: "ApplicationPoolIdentity", queued: 17, reasons: [],
                workers: [
                    .init(
                        id: 1, process: .init(pid: 12, memory: 1 << 20, uptime: 0), state: "ready", requests: 1234,
                        inWork: 5),
                    .init(id: 2, process: nil, state: "starting"),
                ])
        ])

    @Test func theAnswerIsReadAsItWasWritten() throws {
        let members = try #require(try JSONReader.read(Array(status.json.line.utf8)).members)
        #expect(ServerStatus(members) == status)
        #expect(ServerStatus([]) == nil)
    }

    @Test func peopleSeeTablesAndReasonsBelow() {
        #expect(
            StatusText(status, width: 100).text == """
                Hostelry 0.1, running, pid 10, up 1 d 2 h, 3.3 MB of memory
                  Configuration  /etc/hostelry/applicationHost.config
                  State          /var/lib/hostelry
                  Router         ready, pid 11, 1 connection, up 59 s

                ID  SITE    STATE        BINDINGS
                1   Main    started      http/*:80: http/*:81:
                    http/*:81: is not open: Address already in use
                2   Broken  quarantined
                    a.config:7: There is no pool.

                POOL         STATE     IDENTITY                 QUEUED  REQUESTS  IN WORK  MEMORY  UPTIME
                Main         started   ApplicationPoolIdentity  17
                  worker 12  ready                                      1234      5        1.0 MB  0 s
                  worker -   starting                                   -         -        -       -

                """)
    }

    @Test func aNarrowTerminalCutsTheWidestColumns() {
        let lines = StatusText(status, width: 60).text.split(separator: "\n")
        #expect(lines.dropFirst(4).allSatisfy { $0.count <= 60 || $0.hasPrefix("    ") })
        #expect(lines.contains { $0.contains("…") })
    }

    @Test(arguments: [(0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (90_000, "1 d 1 h")])
    func timesAreToldInTheirTwoLargestUnits(_ seconds: UInt64, _ text: String) {
        #expect(StatusText.duration(seconds) == text)
    }
}
