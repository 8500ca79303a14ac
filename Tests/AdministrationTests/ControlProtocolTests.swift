import Testing

@testable import Administration

@Suite struct ControlProtocolTests {
    @Test(arguments: [
        ControlRequest.Operation.status, .states, .stop(now: true), .stop(now: false), .reload,
        .recycle(pool: "A \"b\"\n"),
        .startPool("p"), .stopPool("p"), .startSite("Größe"), .stopSite("s"), .change(staged: "1f"),
        .events(since: 1 << 40, follows: true),
        .events(since: 0, follows: false), .access, .webConfig(WebConfigOrder(site: "s", path: "/a", .read)),
        .webConfig(WebConfigOrder(site: "s", .write(text: "<a/>\n\"", replacing: "00"))),
        .webConfig(WebConfigOrder(site: "s", .write(text: "<a/>", replacing: nil))),
        .webConfig(WebConfigOrder(site: "s", .change(.init(section: "x", set: ["a=b"], unset: ["c"], isTrial: true)))),
        .webConfig(WebConfigOrder(site: "s", .change(.init(section: "x", isWhole: true)))),
    ])
    func aRequestArrivesAsItWasSent(_ operation: ControlRequest.Operation) throws {
        let line = ControlRequest(operation).line
        #expect(!line.contains("\n"))
        #expect(try ControlRequest(line: Array(line.utf8)).operation == operation)
    }

    private func code(_ line: String) -> ControlRefusal.Code? {
        do throws(ControlRefusal) {
            _ = try ControlRequest(line: Array(line.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    @Test func anotherVersionIsToldWhichOneIsSpoken() {
        #expect(code(#"{"version":2,"operation":"status"}"#) == .version)
        #expect(code(#"{"operation":"status"}"#) == .version)
        #expect(code(#"{"version":"1","operation":"status"}"#) == .version)
    }

    @Test func whatIsNoRequestIsRefused() {
        #expect(code("GET / HTTP/1.1\r") == .malformed)
        #expect(code("") == .malformed)
        #expect(code("[1]") == .version)
        #expect(code(#"{"version":1}"#) == .unknownOperation)
        #expect(code(#"{"version":1,"operation":"explode"}"#) == .unknownOperation)
        #expect(code(#"{"version":1,"operation":"recycle"}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"recycle","pool":""}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"recycle","pool":7}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"stop","now":"yes"}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"events","since":-1}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"status","pool":"x"}"#) == .malformed)
        #expect(code(#"{"version":1,"operation":"status"}"#) == nil)
        #expect(code(#"{"version":1,"operation":"stop"}"#) == nil)
    }

    @Test(arguments: ControlRefusal.Code.allCases) func aRefusalArrivesAsItWasSent(_ code: ControlRefusal.Code) {
        let answer = ControlAnswer.refused(ControlRefusal(code, "Not \"now\".", [.init("problems", .array([]))]))
        #expect(ControlAnswer(line: Array(answer.line.utf8)) == answer)
    }

    @Test func anAnswerArrivesAsItWasSent() {
        let answer = ControlAnswer.done([.init("a", .integer(1)), .init("b", .null)])
        #expect(ControlAnswer(line: Array(answer.line.utf8)) == answer)
        #expect(ControlAnswer(line: Array(ControlAnswer.end.utf8)) == nil)
        #expect(ControlAnswer(line: []) == nil)
    }

    @Test func aReasonThatALaterServerGivesIsAFailure() {
        let line = #"{"version":1,"ok":false,"error":"moon-phase","text":"Not today."}"#
        #expect(ControlAnswer(line: Array(line.utf8)) == .refused(ControlRefusal(.failed, "Not today.")))
    }
}
