import Events
import Testing
import Wire

@testable import Master

@Suite struct ReportTests {
    private func line(_ report: Report) -> String { EventFormat.text.line(report.event, time: nil) }

    // The shortened forms are RFC 5952's.
    @Test(arguments: [
        (IPAddress.any, "*:80"), (IPAddress(v4: 0x7F00_0001), "127.0.0.1:80"), (IPAddress(high: 0, low: 1), "[::1]:80"),
        (IPAddress(high: 0x2001_0db8_0000_0000, low: 0x0000_0000_0000_0001), "[2001:db8::1]:80"),
        (IPAddress(high: 0x2001_0db8_0000_0001, low: 0x0001_0001_0001_0001), "[2001:db8:0:1:1:1:1:1]:80"),
        (IPAddress(high: 0x2001_0000_0000_0001, low: 0x0000_0000_0000_0001), "[2001:0:0:1::1]:80"),
        (IPAddress(high: 0xfe80_0000_0000_0000, low: 0), "[fe80::]:80"),
    ])
    func anEndpointIsToldAsABindingWritesIt(address: IPAddress, text: String) {
        #expect(Endpoint(address: address, port: 80).text == text)
    }

    @Test func aCrashSaysHowAndOfWhichPool() {
        let end = ProcessEnd(pid: 4711, cause: .signal(11), goodbye: nil)
        #expect(
            line(.workerCrashed(3, pool: "Shop", end))
                == "error 5011 Pool \"Shop\": The worker ended on signal 11 (SIGSEGV). Its requests failed; the next one "
                + "starts another worker. worker=3 pid=4711 signal=11")
    }

    @Test func manySitesAreToldByTheirNumber() {
        let endpoint = Endpoint(address: .any, port: 80)
        #expect(line(.endpointOpened(endpoint, sites: ["A"])).hasSuffix("Open for the site \"A\"."))
        #expect(line(.endpointOpened(endpoint, sites: ["A", "B"])).hasSuffix("Open for the sites \"A\", \"B\"."))
        let many = (1...7).map { "S\($0)" }
        #expect(
            line(.endpointOpened(endpoint, sites: many))
                .hasSuffix("Open for \"S1\", \"S2\", \"S3\", \"S4\", \"S5\" and 2 more sites."))
    }
}
