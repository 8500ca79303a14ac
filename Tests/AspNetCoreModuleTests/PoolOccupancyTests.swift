import AspNetCoreModule
import HostModel
import Platform
import Testing
import Wire

/// Which applications share a worker (reference §3.1).
struct PoolOccupancyTests {
    private var pool = PoolOccupancy()

    private mutating func admit(
        _ name: String, _ hosting: HostedApplication.Hosting, _ architecture: ExecutableImage.Architecture = .any
    ) -> Int? {
        pool.admit(
            HostedApplication(name: name, hosting: hosting, architecture: architecture), enable32Bit: false)?.subStatus
    }

    @Test("MultiApplicationTests.RunsTwoOutOfProcessApps")
    mutating func outOfProcessApplicationsShareAPool() {
        #expect(admit("A/", .outOfProcess) == nil)
        #expect(admit("B/", .outOfProcess) == nil)
        #expect(admit("A/", .outOfProcess) == nil)
    }

    @Test("MultiApplicationTests.FailsAndLogsWhenRunningTwoInProcessApps")
    mutating func anInProcessApplicationSharesItsPoolWithNone() {
        #expect(admit("A/", .inProcess) == nil)
        #expect(admit("B/", .inProcess) == 35)
        #expect(admit("A/", .inProcess) == nil)
        #expect(admit("B/", .inProcess) == 35)
    }

    @Test("MultiApplicationTests.FailsAndLogsEventLogForMixedHostingModel: in process first")
    mutating func theFirstDecidesForInProcess() {
        #expect(admit("A/", .inProcess) == nil)
        #expect(admit("B/", .outOfProcess) == 34)
    }

    @Test("MultiApplicationTests.FailsAndLogsEventLogForMixedHostingModel: out of process first")
    mutating func theFirstDecidesForOutOfProcess() {
        #expect(admit("A/", .outOfProcess) == nil)
        #expect(admit("B/", .inProcess) == 34)
    }

    @Test mutating func aFirstApplicationThatFailsDecidesAllTheSame() {
        #expect(admit("A/", .inProcess, .x86) == 32)
        #expect(admit("B/", .outOfProcess) == 34)
        #expect(admit("C/", .inProcess) == 35)
    }

    @Test mutating func anApplicationThatIsRefusedDecidesNothing() {
        #expect(admit("A/", .inProcess) == nil)
        #expect(admit("B/", .inProcess) == 35)
        // Both are told to run out of process, as the page of 500.35 advises.
        pool.unload("A/")
        #expect(admit("A/", .outOfProcess) == nil)
        #expect(admit("B/", .outOfProcess) == nil)
    }

    @Test mutating func theFirstDecidesUntilAllAreUnloaded() {
        #expect(admit("A/", .outOfProcess) == nil)
        #expect(admit("B/", .outOfProcess) == nil)
        pool.unload("A/")
        #expect(admit("C/", .inProcess) == 34)
        #expect(admit("A/", .inProcess) == 34)
        for name in ["A/", "B/", "C/"] { pool.unload(name) }
        #expect(pool == PoolOccupancy())
        #expect(admit("C/", .inProcess) == nil)
    }

    @Test("OutOfProcessToInProcessHostingModelSwitchWorks")
    mutating func theOnlyApplicationMayChangeItsModel() {
        #expect(admit("A/", .outOfProcess) == nil)
        pool.unload("A/")
        #expect(admit("A/", .inProcess) == nil)
    }

    @Test mutating func whatIsNoProgramHasNoPlace() {
        #expect(admit("A/", .none) == nil)
        #expect(admit("B/", .inProcess) == nil)
    }

    @Test func theEventsNameTheApplicationAndTheReason() {
        let place = ApplicationPlace(siteName: "S", siteID: 3, path: "/b", folder: "/srv", pool: "P")
        let application = HostedApplication(name: "S/b", hosting: .inProcess, architecture: .x86)
        func events(_ refusal: HostingRules.Refusal) -> [ModuleNotice] {
            ModuleNotice.refused(refusal, application, place)
        }
        let shared = events(.sharedPool(with: application))
        #expect(shared.map(\.number) == [1008, 1010])
        #expect(shared.allSatisfy { $0.level == .error && $0.site == "S" && $0.application == "/b" })
        #expect(shared[0].text.contains("Please assign the application '/LM/W3SVC/3/ROOT/b' to a different"))
        #expect(shared[1].text == "Failed to start application '/LM/W3SVC/3/ROOT/b', ErrorCode '0x80004005'.")
        let mixed = events(.mixedHostingModels(owner: application))
        #expect(mixed[0].number == 1009)
        #expect(mixed[0].text.contains("different hostingModel value '1' other"))
        let runtime = HostedApplication.Runtime(program: "/usr/bin/dotnet", architecture: .x64)
        let wrong = events(.wrongRuntime(runtime, application: .x86, enable32Bit: false))
        #expect(wrong[0].number == 1027)
        #expect(
            wrong[0].text.contains("built for x86") && wrong[0].text.contains("/usr/bin/dotnet is built for x64"))
        #expect(ModuleNotice.runsOutOfProcess(place).number == 1025)
    }
}
