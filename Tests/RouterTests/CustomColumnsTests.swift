import Testing
import Wire

@testable import Router

/// `customFields` of an access log (reference §8.7, Appendix B; Microsoft's page on `<customFields>`).
struct CustomColumnsTests {
    private let lines = LogLineTests()

    private func settings(
        _ fields: [(String, LogSettings.CustomField.Source, String)], limit: UInt32 = 4096,
        standard: LogSettings.Fields = .httpStatus
    ) -> LogSettings {
        LogSettings(
            directory: "", fields: standard,
            customFields: fields.map { .init(name: $0.0, source: $0.1, sourceName: $0.2) }, maximumCustomLength: limit)
    }

    private func line(
        _ settings: LogSettings, _ request: String, response: String = "", variables: [(String, [UInt8])]? = nil
    ) throws -> String {
        let base = try lines.entry(request)
        var answer = base.answer
        answer.head = Array(response.utf8)
        answer.variables = variables.map { variables in
            var block = HeaderBlock()
            for (name, value) in variables { block.append(Array(name.utf8).span, value.span) }
            return block
        }
        let entry = LogEntry(
            siteID: base.siteID, addresses: base.addresses, head: base.head, request: base.request, path: base.path,
            answer: answer)
        var output: [UInt8] = []
        W3CLine.append(
            entry, settings.fields, LogFormat(settings).custom, try lines.clock(), computer: [], to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static let request =
        "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 198.51.100.1\r\nx-forwarded-for: 198.51.100.2\r\nEmpty:\r\n\r\n"
    static let response =
        "HTTP/1.1 200 OK: fine\r\nContent-Type: text/html; charset=utf-8\r\nX-One: 1\r\nx-one: 2\r\n"
        + "Server: Hostelry\r\n\r\nX-Body: no\r\nServer: forged\r\n\r\n"

    @Test func customFieldsStandBehindTheOthersInTheirOrder() throws {
        let settings = settings([
            ("x-for", .requestHeader, "X-Forwarded-For"), ("x-port", .serverVariable, "REMOTE_PORT"),
            ("x-type", .responseHeader, "content-type"),
        ])
        #expect(
            try line(settings, Self.request, response: Self.response, variables: [("remote_port", Array("50123".utf8))])
                == "404 198.51.100.1,+198.51.100.2 50123 text/html;+charset=utf-8\n")
        #expect(LogFormat(settings).fieldNames == Array("sc-status x-for x-port x-type".utf8))
    }

    @Test func whatIsMissingIsADash() throws {
        let settings = settings([
            ("a", .requestHeader, "Accept"), ("b", .requestHeader, "Empty"), ("c", .serverVariable, "URL"),
            ("d", .responseHeader, "ETag"), ("e", .responseHeader, "HTTP/1.1 200 OK"),
        ])
        #expect(try line(settings, Self.request, response: Self.response) == "404 - - - - -\n")
        #expect(try line(settings, Self.request, variables: []) == "404 - - - - -\n")
    }

    @Test func aResponsesBodyIsNoHeader() throws {
        let settings = settings([
            ("a", .responseHeader, "X-Body"), ("b", .responseHeader, "server"), ("c", .responseHeader, "X-ONE"),
        ])
        #expect(try line(settings, Self.request, response: Self.response) == "404 - Hostelry 1,+2\n")
    }

    @Test func aLogMayHaveCustomFieldsAlone() throws {
        let settings = settings([("a b", .requestHeader, "Host")], standard: [])
        #expect(try line(settings, Self.request) == "h\n")
        #expect(LogFormat(settings).fieldNames == Array("a+b".utf8))
    }

    @Test func valuesAreCutAtTheirLimitBeforeTheyAreEscaped() throws {
        let settings = settings([("a", .serverVariable, "V"), ("b", .requestHeader, "Host")], limit: 4)
        for (value, written) in [
            (Array("a b c".utf8), "a+b+"), (Array("abé€".utf8), "abé"), (Array("abc€".utf8), "abc"),
            ([0xff, 0x80, 0x80, 0x80, 0x80], "%FF%80%80%80"), ([0x0a, 0x0d], "%0A%0D"),
        ] {
            #expect(try line(settings, Self.request, variables: [("V", value)]) == "404 \(written) h\n")
        }
    }

    /// IIS: 65,536 bytes for all custom fields of a line. Escaped they take three times as much, which the line has room for.
    @Test func allFieldsOfALineAreBounded() throws {
        let names = (0..<40).map { ("f\($0)", LogSettings.CustomField.Source.serverVariable, "V") }
        let settings = settings(names, limit: 65_536)
        let line = try line(settings, Self.request, variables: [("V", [UInt8](repeating: 1, count: 4096))])
        let values = line.dropFirst(4).dropLast().split(separator: " ")
        #expect(values.count == 40 && values.prefix(16).allSatisfy { $0.utf8.count == 3 * 4096 })
        #expect(values.dropFirst(16).allSatisfy { $0 == "-" })
    }

    @Test func otherNamesBeginAnotherHeaderAndTheFirstOneAnotherFile() {
        let none = LogFormat(settings([]))
        let one = LogFormat(settings([("a", .requestHeader, "A")]))
        let renamed = LogFormat(settings([("b", .requestHeader, "A")]))
        let other = LogFormat(settings([("a", .requestHeader, "B")]))
        #expect(!none.sharesFiles(with: one) && one.sharesFiles(with: renamed) && one.sharesFiles(with: other))
        #expect(one.hasOtherFields(than: renamed) && !one.hasOtherFields(than: other) && one != other)
    }
}
