import HostModel
import Platform
import Testing

/// One application pool per in-process application; hosting models do not mix; architectures match (500.32, .34, .35).
@Suite struct HostingRulesTests {
    private func application(
        _ hosting: HostedApplication.Hosting, _ architecture: ExecutableImage.Architecture = .any
    ) -> HostedApplication {
        HostedApplication(name: "S/\(hosting)", hosting: hosting, architecture: architecture)
    }

    private func subStatus(
        _ hosting: HostedApplication.Hosting, after: [HostedApplication.Hosting] = [],
        _ architecture: ExecutableImage.Architecture = .any, enable32Bit: Bool = false
    ) -> Int? {
        HostingRules.refusal(
            of: application(hosting, architecture), after: after.map { application($0) }, enable32Bit: enable32Bit)?
            .subStatus
    }

    @Test func anInProcessApplicationSharesItsPoolWithNone() {
        #expect(subStatus(.inProcess) == nil)
        #expect(subStatus(.inProcess, after: [.inProcess]) == 35)
        #expect(subStatus(.inProcess, after: [.none]) == 35)
        #expect(subStatus(.none, after: [.inProcess]) == 35)
    }

    @Test func hostingModelsDoNotMix() {
        #expect(subStatus(.outOfProcess, after: [.inProcess]) == 34)
        #expect(subStatus(.inProcess, after: [.none, .outOfProcess]) == 34)
        #expect(subStatus(.outOfProcess, after: [.outOfProcess, .none]) == nil)
        #expect(subStatus(.none, after: [.outOfProcess]) == nil)
    }

    @Test func theArchitectureMatchesThePool() {
        #expect(subStatus(.inProcess, .x64, enable32Bit: true) == 32)
        #expect(subStatus(.outOfProcess, .x86, enable32Bit: false) == 32)
        #expect(subStatus(.inProcess, .x86, enable32Bit: true) == nil)
        #expect(subStatus(.inProcess, .any, enable32Bit: true) == nil)
        #expect(subStatus(.inProcess, .unknown, enable32Bit: true) == nil)
    }
}
