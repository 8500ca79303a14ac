import PipelineTesting
import Platform
import Testing

@testable import Modules

struct ListingPartsTests {
    @Test(arguments: [
        ("a", "b", true), ("b", "a", false), ("a", "a", false), ("file9", "file10", true), ("file10", "file9", false),
        ("A", "b", true), ("B", "a", false), ("file", "file1", true), ("x1y2", "x1y10", true), ("1", "a", true),
        ("a", "A", false), ("A", "a", true), ("007", "7", true), ("7", "007", false), ("", "a", true),
    ])
    func namesAreOrderedAsPeopleOrderThem(_ left: String, _ right: String, _ expected: Bool) {
        #expect(NaturalOrder.precedes(Array(left.utf8), Array(right.utf8)) == expected)
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1535, "1.4 KB"), (1536, "1.5 KB"), (10 << 10, "10 KB"),
        (1_048_575, "1023 KB"), (1 << 20, "1.0 MB"), (5 << 30, "5.0 GB"), (Int64.max, "7.9 EB"),
    ])
    func sizesAreShortAndNeverShownTooLarge(_ bytes: Int64, _ expected: String) {
        #expect(ListingText.size(bytes) == expected)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
    func countsAreGroupedByThousands(_ number: Int, _ expected: String) {
        #expect(ListingText.count(number) == expected)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00Z"), (784_111_777, "1994-11-06T08:49Z"), (1_709_164_800, "2024-02-29T00:00Z"),
        (-5, "1970-01-01T00:00Z"), (.max, "9999-12-31T23:59Z"),
    ])
    func datesAreThoseOfTheCalendar(_ seconds: Int64, _ expected: String) {
        #expect(ListingDate(seconds: seconds).machineText([.date, .time]) == expected)
    }

    @Test
    func twoFoldersAreReadAtATimeAndEachOnceForAllWhoAsk() throws {
        let services = TestServices()
        services.holdsWork = true
        let host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: services))
        try host.configure("", "<directoryBrowse enabled=\"true\"/>")
        let sinks = (0..<6).map { _ in RecordingSink() }
        for (index, sink) in sinks.enumerated() {
            host.folder.makeFolder("www/\(index / 2)")
            _ = try host.begin(TestRequest("/\(index / 2)/"), sink)
        }
        #expect(services.held.count == 2)
        services.finishWork()
        for sink in sinks { #expect(sink.status == 200) }
        #expect(services.workCount == 3)
    }
}
