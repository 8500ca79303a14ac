import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// Reference §4.1, *limits*: a URL with more segments than `maxUrlSegments` (32) is 404.20. A segment is a slash of the
/// path.
struct URLSegmentsTests {
    /// Lets everybody in and answers 200.
    final class OpenModule: Module {
        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            request.user = .anonymous
            request.response.set(status: 200)
            return .finishRequest
        }
    }

    private func host(_ limits: String = "") throws -> TestHost {
        let definition = ModuleDefinition(name: "Open", sections: [], stages: .on(.authenticateRequest)) { _ in
            OpenModule()
        }
        return try TestHost(
            [definition],
            server: """
                <system.webServer><globalModules><clear/><add name="Open"/></globalModules>
                <modules><clear/><add name="Open"/></modules></system.webServer>
                """,
            applications: limits)
    }

    private func answer(_ host: TestHost, _ path: String) throws -> String {
        let answer = try host.get(path)
        return "\(answer.status).\(answer.head?.subStatus ?? 0)"
    }

    @Test
    func aSiteTakesThirtyTwoSegments() throws {
        let host = try host()
        #expect(try answer(host, String(repeating: "/a", count: 32)) == "200.0")
        #expect(try answer(host, String(repeating: "/a", count: 33)) == "404.20")
        #expect(try answer(host, String(repeating: "/a", count: 32) + "/") == "404.20")
    }

    @Test
    func whatASiteSaysOfItselfDecides() throws {
        let host = try host("<limits maxUrlSegments=\"2\"/>")
        #expect(try answer(host, "/virdir/page") == "200.0")
        #expect(try answer(host, "/virdir/folder/page") == "404.20")
        #expect(try answer(host, "/") == "200.0")
        // What stands behind the question mark is no path.
        #expect(try answer(host, "/virdir/page?next=/a/b/c") == "200.0")
    }

    @Test
    func zeroTurnsTheLimitOff() throws {
        #expect(try answer(host("<limits maxUrlSegments=\"0\"/>"), String(repeating: "/a", count: 200)) == "200.0")
    }
}
