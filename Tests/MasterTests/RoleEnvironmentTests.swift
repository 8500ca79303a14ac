import Configuration
import Testing

@testable import HostModel
@testable import Master

@Suite("Variables of roles")
struct RoleEnvironmentTests {
    private func names(_ variables: [(name: String, value: String)]) -> [String] { variables.map(\.name) }

    @Test func ofTheMastersOwnOnlyTheTimeZoneGoesOn() {
        let own = ["TZ": "Europe/Berlin", "LD_PRELOAD": "x", "SECRET": "x", "JOURNAL_STREAM": "8:1"]
        let common = RoleEnvironment.common { own[$0] }
        #expect(Set(names(common)) == ["PATH", "LANG", "SWIFT_BACKTRACE", "TZ"])
    }

    @Test func thePoolsVariablesComeLastAndHoldButForOurs() {
        let variables = RoleEnvironment.effective(
            RoleEnvironment.common { _ in nil }
                + RoleEnvironment.worker(
                    user: "Shop", home: "/h", temporaryFolder: "/h/tmp",
                    pool: [
                        .init(name: "HOME", value: "/other"), .init(name: "A", value: "1"),
                        .init(name: "A", value: "2"),
                        .init(name: "HOSTELRY_X", value: "x"), .init(name: "SWIFT_BACKTRACE", value: "enable=yes"),
                        .init(name: "B=C", value: "x"), .init(name: "", value: "x"),
                    ]))
        #expect(
            names(variables) == ["PATH", "LANG", "SWIFT_BACKTRACE", "USER", "LOGNAME", "TMPDIR", "HOME", "A"])
        let values = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.value) })
        #expect(values["HOME"] == "/other" && values["A"] == "2" && values["SWIFT_BACKTRACE"] == "enable=no")
    }
}
