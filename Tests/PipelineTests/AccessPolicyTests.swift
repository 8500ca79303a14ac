import Testing

@testable import Pipeline

/// Reference §5.2: what `requireAccess` asks for against `accessPolicy`.
struct AccessPolicyTests {
    @Test
    func aPolicyThatLacksWhatAHandlerNeedsRefusesWithItsSubStatus() {
        #expect(AccessPolicy.read.refusal(.read, isLocal: false) == nil)
        #expect(AccessPolicy.read.refusal(.script, isLocal: false) == .executeAccessForbidden)
        #expect(AccessPolicy.read.refusal(.execute, isLocal: false) == .executeAccessForbidden)
        #expect(AccessPolicy.read.refusal(.write, isLocal: false) == .writeAccessForbidden)
        #expect(AccessPolicy([]).refusal(.read, isLocal: false) == .readAccessForbidden)
        #expect(AccessPolicy([]).refusal(.none, isLocal: false) == nil)
        #expect(AccessPolicy.script.refusal(.execute, isLocal: false) == .executeAccessForbidden)
        #expect(AccessPolicy.script.refusal(.script, isLocal: false) == nil)
    }

    @Test
    func whatIsNotForRemoteClientsIsForLocalOnes() {
        let policy: AccessPolicy = [.read, .noRemoteRead, .script, .noRemoteScript]
        #expect(policy.refusal(.read, isLocal: true) == nil)
        #expect(policy.refusal(.read, isLocal: false) == .readAccessForbidden)
        #expect(policy.refusal(.script, isLocal: true) == nil)
        #expect(policy.refusal(.script, isLocal: false) == .executeAccessForbidden)
    }
}
