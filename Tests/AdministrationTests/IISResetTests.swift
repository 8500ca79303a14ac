import Testing

@testable import Administration

@Suite struct IISResetTests {
    private func reset(_ words: String...) throws -> IISReset { try IISReset(words) }

    @Test func withoutWordsItRestarts() throws {
        #expect(try reset().action == .restart)
        #expect(try reset().timeout == 20)
        #expect(try reset().isForced)
    }

    @Test func wordsAreTakenInAnyCaseOfLetters() throws {
        let stop = try reset("/STOP", "-NoForce")
        #expect(stop.action == .stop)
        #expect(stop.timeout == 60)
        #expect(!stop.isForced)
        #expect(try reset("/timeout:5").timeout == 5)
        #expect(try reset("/?").action == .help)
        #expect(try reset("/Status").action == .status)
    }

    @Test func whatIsNotHereIsRefused() {
        for words in [
            ["/reboot"], ["/rebootonerror"], ["/enable"], ["/disable"], ["otherserver"], ["/timeout"], ["/timeout:x"],
            ["/timeout:-1"], ["/stop", "/start"], ["/stop:1"], ["/nonsense"],
        ] {
            #expect(throws: IISReset.Refusal.self, "\(words)") { try IISReset(words) }
        }
    }

    @Test func whoStartedTheServerStartsItAgain() {
        #expect(ServiceKeeper(pid: 1, service: nil, isMainProcess: true, hasUnit: true) == .container)
        #expect(
            ServiceKeeper(pid: 7, service: "web.service", isMainProcess: true, hasUnit: false)
                == .systemd(unit: "web.service"))
        // Started by hand on a machine that has the unit: as it was started.
        #expect(ServiceKeeper(pid: 7, service: nil, isMainProcess: false, hasUnit: true) == .nobody)
        #expect(
            ServiceKeeper(pid: nil, service: nil, isMainProcess: false, hasUnit: true)
                == .systemd(unit: "hostelry.service"))
    }
}

@Suite struct StateColourTests {
    @Test func coloursDisturbNoColumn() {
        let rows = [["a", "started", "x"], ["b", "quarantined", "y"], ["c", "other", "z"]]
        let plain = TextTable(["N", "STATE", "P"], rows, width: 80).lines
        let coloured = TextTable(["N", "STATE", "P"], rows, width: 80, isColoured: true).lines
        #expect(coloured[1] == "a  \u{1B}[32mstarted\u{1B}[0m      x")
        #expect(coloured[2] == "b  \u{1B}[31mquarantined\u{1B}[0m  y")
        let stripped = coloured.map { line in
            ["32", "31", "0"].reduce(line) { $0.replacing("\u{1B}[\($1)m", with: "") }
        }
        #expect(stripped == plain)
    }
}
