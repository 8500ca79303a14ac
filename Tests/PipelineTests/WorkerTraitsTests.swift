import Testing

@testable import Pipeline

/// Reference §5.2: tokens of `preCondition`, all of which must hold.
struct WorkerTraitsTests {
    @Test(arguments: [
        ("", true), ("bitness64", true), ("bitness32", false), ("integratedMode", true), ("classicMode", false),
        ("ISAPIMode", false), ("integratedMode,bitness64", true), ("integratedMode, bitness32", false),
        ("managedHandler", true), ("runtimeVersionv4.0", false), ("integratedMode,runtimeVersionv2.0,bitness64", false),
        ("somethingElse", false),
    ])
    func aPreConditionHoldsWhenAllItsTokensDo(_ text: String, holds: Bool) {
        #expect(WorkerTraits().satisfy(text) == holds)
    }

    @Test(arguments: [("v4.0", true), ("V4.0", true), ("v2.0", false), ("", false)])
    func aRuntimeVersionHoldsInPoolsOfThatVersion(_ version: String, holds: Bool) {
        let traits = WorkerTraits(managedRuntimeVersion: version)
        #expect(traits.satisfy("integratedMode,runtimeVersionv4.0") == holds)
        #expect(!traits.satisfy("runtimeVersion"))
    }

    @Test
    func aClassic32BitPoolTurnsTheTokensAround() {
        let traits = WorkerTraits(is32Bit: true, isClassicMode: true)
        #expect(traits.satisfy("classicMode,bitness32"))
        #expect(!traits.satisfy("integratedMode"))
        #expect(!traits.satisfy("bitness64"))
    }
}
