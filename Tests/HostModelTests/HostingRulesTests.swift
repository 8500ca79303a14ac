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
    }

    @Test func whatIsNoApplicationOfASPNETCoreSharesAnyPool() {
        #expect(subStatus(.inProcess, after: [.none]) == nil)
        #expect(subStatus(.none, after: [.inProcess]) == nil)
        #expect(subStatus(.none, after: [.none, .inProcess, .outOfProcess]) == nil)
        #expect(subStatus(.inProcess, after: [.none, .inProcess]) == 35)
        #expect(subStatus(.none, after: [], .x64, enable32Bit: true) == nil)
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
        #expect(subStatus(.outOfProcess, .x64, enable32Bit: true) == nil)
        #expect(subStatus(.outOfProcess, .arm64, enable32Bit: true) == nil)
        #expect(subStatus(.inProcess, .x86, enable32Bit: true) == nil)
        #expect(subStatus(.outOfProcess, .x86, enable32Bit: true) == nil)
        #expect(subStatus(.inProcess, .any, enable32Bit: true) == nil)
        #expect(subStatus(.inProcess, .unknown, enable32Bit: true) == nil)
    }

    @Test func theRuntimeMatchesThePoolAndTheApplication() {
        func refusal(
            _ hosting: HostedApplication.Hosting, _ architecture: ExecutableImage.Architecture,
            on runtime: ExecutableImage.Architecture, enable32Bit: Bool = false
        ) -> HostingRules.Refusal? {
            HostingRules.refusal(
                of: HostedApplication(
                    name: "S/", hosting: hosting, architecture: architecture,
                    runtime: .init(program: "/usr/bin/dotnet", architecture: runtime)),
                after: [], enable32Bit: enable32Bit)
        }
        #expect(refusal(.inProcess, .any, on: .x64) == nil)
        #expect(refusal(.inProcess, .x64, on: .x64) == nil)
        #expect(refusal(.inProcess, .any, on: .unknown, enable32Bit: true) == nil)
        #expect(refusal(.outOfProcess, .any, on: .x64, enable32Bit: true) == nil)
        #expect(refusal(.inProcess, .any, on: .x64, enable32Bit: true)?.subStatus == 32)
        #expect(refusal(.inProcess, .x64, on: .arm64)?.subStatus == 32)
        // A pool of 32 bits, and no .NET for it.
        let text = refusal(.outOfProcess, .x86, on: .x64, enable32Bit: true)?.text ?? ""
        #expect(text.contains("built for x86") && text.contains("/usr/bin/dotnet is built for x64"))
        #expect(text.contains("there is no .NET for x86 on Linux: publish it for x64"))
        // The application is right, and the pool is not.
        let pool = refusal(.inProcess, .any, on: .x64, enable32Bit: true)?.text ?? ""
        #expect(pool.contains("set enable32BitAppOnWin64=\"false\"") && !pool.contains("publish"))
    }
}
