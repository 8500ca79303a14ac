import Testing

@testable import AspNetCoreModule

@Suite struct OutputLogNameTests {
    private let name = OutputLogName("/srv/shop/logs/stdout")

    @Test func aFileBearsTheTimeAndTheWorkersPid() {
        #expect(name.folder == "/srv/shop/logs/")
        #expect(name.path("20261128200455", pid: 4711) == "/srv/shop/logs/stdout_20261128200455_4711.log")
        #expect(name.path("20261128200455", pid: 4711, number: 2) == "/srv/shop/logs/stdout_20261128200455_4711_2.log")
    }

    @Test(arguments: [
        "stdout_20261128200455_4711.txt", "stdout.log", "other_20261128200455_4711.log", "stdout_2026_1.log",
        "stdout_20261128200455_x.log", "stdout_20261128200455_1_2_3.log", "stdout_+0261128200455_1.log",
        "stdout_20261128200455_.log", "stdout__20261128200455_1.log",
    ])
    func whatIsNamedOtherwiseIsNoneOfThem(file: String) { #expect(name.order(of: file) == nil) }

    @Test func theOldestBeyondTheNumberAreSurplus() {
        let files = [
            "stdout_20261128200458_1_10.log", "stdout_20261128200455_9.log", "stdout_20261128200458_1_2.log",
            "stdout_20261127000000_5.log", "readme.txt",
        ]
        #expect(
            name.surplus(of: files, keeping: 2, since: nil) == [
                "stdout_20261127000000_5.log", "stdout_20261128200455_9.log",
            ])
        #expect(name.surplus(of: files, keeping: 4, since: nil).isEmpty)
    }

    @Test func whatIsOlderThanTheAgeIsSurplusHoweverFew() {
        let files = ["stdout_20261101000000_1.log", "stdout_20261128000000_1.log"]
        #expect(name.surplus(of: files, keeping: 10, since: "20261115000000") == ["stdout_20261101000000_1.log"])
    }
}
