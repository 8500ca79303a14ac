import PipelineTesting
import Testing

@testable import Pipeline

/// Reference §5.2, *Modules / globalModules / preConditions*, as the modules of a directory feel it.
struct PreConditionTests {
    /// How often the module was called.
    final class Calls {
        var count = 0
    }

    final class CountingModule: Module {
        let calls: Calls

        init(_ calls: Calls) { self.calls = calls }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            calls.count += 1
            request.user = .anonymous
            return .continue
        }
    }

    let calls = Calls()

    private func host(
        global: String = "<add name=\"Counting\"/>", modules: String, attributes: String = "",
        traits: WorkerTraits = WorkerTraits()
    ) throws -> TestHost {
        let calls = calls
        let definition = ModuleDefinition(name: "Counting", sections: [], stages: .on(.authenticateRequest)) { _ in
            CountingModule(calls)
        }
        return try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/>\(global)</globalModules>
                  <modules \(attributes)><clear/>\(modules)</modules>
                  <handlers><clear/><add name="All" path="*" verb="*" modules="Counting" requireAccess="None"/></handlers>
                </system.webServer>
                """, traits: traits)
    }

    /// Whether a request meets the module; without it nobody is let in, so that the handler is not reached.
    private func isCalled(_ host: TestHost) throws -> Bool {
        calls.count = 0
        _ = try host.get("/")
        return calls.count > 0
    }

    @Test(arguments: [
        ("", true), ("integratedMode", true), ("bitness64,integratedMode", true), ("bitness32", false),
        ("classicMode", false), ("runtimeVersionv4.0", false), ("runtimeVersionv2.0,integratedMode", false),
        ("managedHandler", false), ("managedHandler,integratedMode", false),
    ])
    func aModuleTakesPartWhereItsPreConditionHolds(_ preCondition: String, takesPart: Bool) throws {
        let host = try host(modules: "<add name=\"Counting\" preCondition=\"\(preCondition)\"/>")
        #expect(try isCalled(host) == takesPart)
    }

    @Test
    func aModuleForManagedHandlersTakesPartWhereAllAreForAllRequests() throws {
        let host = try host(
            modules: "<add name=\"Counting\" preCondition=\"managedHandler\"/>",
            attributes: "runAllManagedModulesForAllRequests=\"true\"")
        #expect(try isCalled(host))
    }

    @Test
    func allForAllRequestsLeavesTheOtherTokensAsTheyAre() throws {
        let host = try host(
            modules: "<add name=\"Counting\" preCondition=\"managedHandler,bitness32\"/>",
            attributes: "runAllManagedModulesForAllRequests=\"true\"")
        #expect(try !isCalled(host))
    }

    @Test
    func aModuleWhosePreConditionDoesNotHoldForTheServerIsNotThere() throws {
        let global = "<add name=\"Counting\" preCondition=\"bitness32\"/>"
        #expect(try !isCalled(host(global: global, modules: "<add name=\"Counting\"/>")))
        let narrow = WorkerTraits(is32Bit: true)
        #expect(try isCalled(host(global: global, modules: "<add name=\"Counting\"/>", traits: narrow)))
    }

    @Test
    func aModuleThatTheServerDoesNotHaveIsReportedAndDoesNothing() throws {
        let host = try host(global: "", modules: "<add name=\"Counting\"/><add name=\"Other\" type=\"A.Other\"/>")
        #expect(try !isCalled(host))
        #expect(host.reports.count == 1)
        #expect(host.reports.first?.contains("Counting, Other") == true)
    }

    @Test
    func aManagedModuleOfAFolderIsReported() throws {
        let host = try host(modules: "<add name=\"Counting\"/>")
        try host.configure(
            "", "<modules><add name=\"Elmah\" type=\"Elmah.ErrorLogModule\" preCondition=\"managedHandler\"/></modules>"
        )
        #expect(try isCalled(host))
        #expect(host.reports.count == 1)
        #expect(host.reports.first?.contains("Elmah") == true)
    }

    @Test
    func aLockedModuleCannotBeTakenOffTheList() throws {
        let host = try TestHost([])
        try host.configure("", "<modules><remove name=\"StaticFileModule\"/></modules>")
        let answer = try host.getLocally("/")
        #expect(answer.detailedStatus == "500.19")
        #expect(answer.text.contains("Lock violation"))
    }
}
