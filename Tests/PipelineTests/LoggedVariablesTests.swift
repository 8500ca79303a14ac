import PipelineTesting
import Platform
import Testing
import Wire

@testable import Pipeline

/// Server variables for `customFields` of the access log (reference §8.7).
struct LoggedVariablesTests {
    /// Sets `TENANT` when the request says so, and answers with something that may be kept.
    final class Telling: Module {
        var treatsEveryoneAlike: Bool { true }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            switch stage.notification {
            case .authenticateRequest: request.user = .anonymous
            case .logRequest:
                if let tenant = request.serverVariables["HTTP_X_TENANT"] { request.serverVariables["TENANT"] = tenant }
            default:
                request.response.body = .bytes([0x61])
                request.response.set(status: 200)
                if let path = request.resolution.physicalPath, let stamp = request.file?.stamp {
                    request.response.cacheable = CacheableResponse(
                        path: path, stamp: stamp, seconds: 30, resolution: request.resolution)
                }
            }
            return .continue
        }
    }

    final class Keeper: CacheKeeper {
        var hasTold: Bool { true }
        func saw(_ path: SystemPath, _ stamp: FileStamp?) {}
        func whenTold(_ answer: @escaping () -> Void) { answer() }
        func mark(_ response: CacheableResponse) -> CacheMark? { CacheMark(token: 1, seconds: 30) }
    }

    private func host(_ fields: String, limit: Int = 4096) throws -> TestHost {
        let definition = ModuleDefinition(
            name: "M", sections: [], stages: [.on(.authenticateRequest), .on(.logRequest)]
        ) { _ in Telling() }
        let host = try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers accessPolicy="Script"><clear/><add name="H" path="*" verb="*" modules="M"/></handlers>
                </system.webServer>
                """,
            site: "<logFile><customFields maxCustomFieldLength=\"\(limit)\">\(fields)</customFields></logFile>",
            keeper: Keeper())
        try host.folder.write("www/a", "a")
        return host
    }

    private func field(_ source: String, type: String = "ServerVariable") -> String {
        "<add logFieldName=\"x-\(source)\" sourceName=\"\(source)\" sourceType=\"\(type)\"/>"
    }

    private func variables(_ sink: RecordingSink) -> [String]? {
        guard let block = sink.head?.loggedVariables else { return nil }
        var (texts, position): ([String], Int) = ([], 0)
        while let field = block.next(&position) {
            let (name, value) = ([UInt8](copying: field.name), [UInt8](copying: field.value))
            texts.append(String(decoding: name, as: UTF8.self) + "=" + String(decoding: value, as: UTF8.self))
        }
        return texts
    }

    @Test func aResponseTellsWhatTheLogShowsAndNothingElse() throws {
        let host = try host(
            field("remote_port") + field("Accept", type: "RequestHeader") + field("NONE") + field("URL"))
        #expect(try variables(host.get("/a")) == ["remote_port=50000", "URL=/a"])
        let other = try self.host(field("Accept", type: "RequestHeader"))
        #expect(try variables(other.get("/a")) == nil)
    }

    @Test func aVariableThatAModuleSetsIsAField() throws {
        let host = try host(field("TENANT"))
        #expect(try variables(host.get("/", headers: [("X-Tenant", "blue team")])) == ["TENANT=blue team"])
        #expect(try variables(host.get("/")) == [])
    }

    @Test func valuesAreCutAtTheirLimitAndBetweenCharacters() throws {
        let host = try host(field("TENANT"), limit: 6)
        for (value, kept) in [("abcdef", "abcdef"), ("abcdefg", "abcdef"), ("abcdeé", "abcde"), ("abc𝄞", "abc")] {
            #expect(try variables(host.get("/", headers: [("X-Tenant", value)])) == ["TENANT=\(kept)"])
        }
    }

    @Test func allValuesLeaveRoomForTheHead() throws {
        let host = try host((0..<20).map { field("HTTP_X\($0)") }.joined(), limit: 65536)
        let long = String(repeating: "v", count: 5000)
        let sink = try host.get("/", headers: (0..<20).map { ("X\($0)", long) })
        #expect(sink.status == 200)
        var frame: [UInt8] = []
        try sink.head?.append(to: &frame, stream: 1)
        #expect((32_768...36_000).contains(variables(sink)?.joined().utf8.count ?? 0))
    }

    /// The router answers from its cache in the worker's stead, and can tell only what is the same for everybody.
    @Test func onlyWhatFollowsFromThePathIsKeptByTheRouter() throws {
        #expect(try host(field("APP_POOL_ID") + field("URL")).get("/a").head?.cache != nil)
        #expect(try host(field("Accept", type: "RequestHeader")).get("/a").head?.cache != nil)
        for variable in ["REMOTE_PORT", "HTTP_X", "TENANT", "SERVER_PORT"] {
            #expect(try host(field("URL") + field(variable)).get("/a").head?.cache == nil, "\(variable)")
        }
    }
}
