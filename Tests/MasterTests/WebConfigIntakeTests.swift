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
        #expect(taken.count == WebConfigIntake.waitingLimit / report("/10", long).size)
        #expect(intake.takeLost() == ["Flood"])
        #expect(intake.takeLost().isEmpty)
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
