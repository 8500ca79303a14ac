import PipelineTesting
import Testing
import Wire

@testable import Modules

struct HostNameTests {
    let services = TestServices()

    private func names(_ answer: HostNames.Answer) -> HostNames { HostNames(services) { _ in answer } }

    @Test
    func aNameIsAskedForOnceAndRemembered() {
        services.holdsWork = true
        let names = names(.name("a.example.com"))
        var answers = 0
        for _ in 0..<3 { names.find(IPAddress(v4: 1)) { answers += 1 } }
        #expect(names.known(IPAddress(v4: 1)) == nil && answers == 0)
        services.finishWork()
        #expect(names.known(IPAddress(v4: 1)) == .name("a.example.com") && answers == 3)
    }

    @Test
    func whatCouldNotBeFoundOutIsAskedAgainSoon() {
        let names = names(.unknown)
        names.find(IPAddress(v4: 1)) {}
        #expect(names.known(IPAddress(v4: 1)) == .unknown)
        services.pass(milliseconds: 20_001)
        #expect(names.known(IPAddress(v4: 1)) == nil)
    }

    @Test
    func beyondTheLimitNamesAreUnknownAtOnce() {
        services.holdsWork = true
        let names = names(.none)
        for address in 0..<256 { names.find(IPAddress(v4: UInt32(address))) {} }
        var isAnswered = false
        names.find(IPAddress(v4: 1000)) { isAnswered = true }
        services.pass(milliseconds: 0)
        #expect(isAnswered && names.known(IPAddress(v4: 1000)) == .unknown)
        services.finishWork()
        #expect(names.known(IPAddress(v4: 255)) == HostNames.Answer.none)
    }
}
