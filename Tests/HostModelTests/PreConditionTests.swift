import HostModel
import Testing

/// Reference §5.2: the tokens of `preCondition`.
struct PreConditionListTests {
    @Test(
        arguments: [
            ("", []), ("bitness32,bitness64", [.bitness32, .bitness64]),
            (" integratedMode , managedHandler", [.integratedMode, .managedHandler]),
            ("classicMode,ISAPIMode", [.classicMode, .classicMode]), ("runtimeVersionv2.0", [.runtimeVersion("v2.0")]),
            ("runtimeVersion4,ManagedHandler,,", [.unknown("runtimeVersion4"), .unknown("ManagedHandler")]),
        ] as [(String, [PreCondition])])
    func anAttributeIsAListOfTokensWithCase(_ text: String, tokens: [PreCondition]) {
        #expect(PreCondition.list(text) == tokens)
    }
}
