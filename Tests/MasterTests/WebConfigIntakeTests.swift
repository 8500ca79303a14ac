import ConfigurationStore
import HostModel
import Testing
import Wire

@testable import Master

@Suite struct WebConfigIntakeTests {
    /// Expectations cannot change a value.
    private final class Bench {
        private var intake = WebConfigIntake()

        func receive(_ report: WebConfigReport, from worker: UInt64 = 1, of pool: String = "P") -> Bool {
            intake.receive(report, from: worker, of: pool, isInformed: true)
        }
        func tickEnded() -> [UInt64] { intake.tickEnded() }
        func versionChanged() { intake.versionChanged() }
        func take() -> [ReportedFile] { intake.take() }
        func takeLost() -> Set<String> { intake.takeLost() }
        var isBusy: Bool { intake.isBusy }
    }

    private let intake = Bench()

    private func report(_ path: String, _ fragment: String = "") -> WebConfigReport {
        let section = WebConfigReport.Section(
            location: "", name: "s", fragment: fragment, overrideMode: .allow, inherits: true, line: 5)
        return WebConfigReport(
            siteID: 1, path: path, file: "/srv\(path)/web.config", content: .read([section], problem: nil))
    }

    @Test func ofSeveralWordsOnAFileTheNewestIsTaken() {
        #expect(intake.receive(report("/a", "old"), from: 1, of: "P"))
        #expect(intake.receive(report("/a", "new"), from: 2, of: "P"))
        #expect(intake.receive(report("/a", "other"), from: 3, of: "Q"))
        let taken = intake.take().sorted { $0.pool < $1.pool }
        #expect(taken.map(\.pool) == ["P", "Q"])
        guard case .read(let sections, nil) = taken[0].content else { return #expect(Bool(false)) }
        #expect(sections.map(\.fragment) == ["new"])
        #expect(sections.map(\.line.number) == [5])
        #expect(intake.take().isEmpty)
    }

    @Test func whoSaysMoreThanATickHoldsIsHeardAfterIt() {
        for number in 1..<WebConfigIntake.reportsPerTick {
            #expect(intake.receive(report("/\(number)"), from: 1, of: "P"))
        }
        #expect(!intake.receive(report("/a"), from: 1, of: "P"))
        #expect(intake.receive(report("/b"), from: 2, of: "P"))
        #expect(intake.tickEnded() == [1])
        #expect(intake.receive(report("/a"), from: 1, of: "P"))
        #expect(intake.tickEnded().isEmpty)
    }

    @Test func soDoesWhoSaysMuchAtOnce() {
        let long = String(repeating: "x", count: WebConfigIntake.bytesPerTick)
        #expect(!intake.receive(report("/a", long), from: 1, of: "P"))
        #expect(intake.tickEnded() == [1])
    }

    @Test func aFloodTakesNoMoreMemoryThanItMayAndIsAskedForAgain() {
        let long = String(repeating: "x", count: 700_000)
        for number in 0..<100 {
            _ = intake.receive(report("/\(number)", long), from: 1, of: "Flood")
        }
        #expect(intake.takeLost().isEmpty)
        let taken = intake.take()
        #expect(taken.count == WebConfigIntake.poolLimit / WebConfigIntake.cost(of: report("/10", long)))
        #expect(intake.takeLost() == ["Flood"])
        #expect(intake.takeLost().isEmpty)
    }

    /// Of several pools no one takes the others' room for good, and all of them no more than there is.
    @Test func manyPoolsShareWhatThereIs() {
        let long = String(repeating: "x", count: 700_000)
        let pools = (0..<6).map { "Pool \($0)" }
        for number in 0..<20 {
            for pool in pools { _ = intake.receive(report("/\(number)", long), from: 1, of: pool) }
        }
        let taken = intake.take()
        #expect(taken.count == WebConfigIntake.waitingLimit / WebConfigIntake.cost(of: report("/10", long)))
        #expect(Set(taken.map(\.pool)) == Set(pools))
        #expect(intake.takeLost() == Set(pools))
    }

    /// A word that is short as a message is not short in memory.
    @Test func smallWordsAreCountedAsWhatTheyTake() {
        for number in 0..<2 * WebConfigLimits.files {
            let absent = WebConfigReport(siteID: 1, path: "/\(number)", file: "", content: .absent)
            _ = intake.receive(absent, from: 1, of: "P")
        }
        #expect(intake.takeLost().isEmpty)
        var taken = 0
        while case let words = intake.take(), !words.isEmpty { taken += words.count }
        #expect(taken == WebConfigLimits.files)
        #expect(intake.takeLost() == ["P"])
    }

    @Test func nobodyWaitsBehindAPoolThatSaysMuch() {
        for number in 0..<10_000 { _ = intake.receive(report("/\(number)"), from: 1, of: "Flood") }
        _ = intake.receive(report("/a"), from: 2, of: "Quiet")
        _ = intake.receive(report("/b"), from: 2, of: "Quiet")
        let taken = intake.take()
        #expect(taken.filter { $0.pool == "Quiet" }.map(\.path) == ["/a", "/b"])
        #expect(taken.filter { $0.pool == "Flood" }.map(\.path) == (0..<WebConfigIntake.batch - 2).map { "/\($0)" })
    }

    @Test func soManyAreWrittenAtOnce() {
        for number in 0..<WebConfigIntake.batch + 10 {
            _ = intake.receive(report("/\(number)"), from: UInt64(number), of: "P")
        }
        #expect(intake.take().count == WebConfigIntake.batch)
        #expect(intake.isBusy)
        #expect(intake.take().count == 10)
        _ = intake.tickEnded()
        #expect(!intake.isBusy)
    }

    @Test func whatWaitsWhenTheConfigurationChangesWasSaidByNobodyWhoKnewIt() {
        _ = intake.receive(report("/a"), from: 1, of: "P")
        intake.versionChanged()
        _ = intake.receive(report("/b"), from: 1, of: "P")
        #expect(intake.take().sorted { $0.path < $1.path }.map(\.isInformed) == [false, true])
    }
}
