import Platform
import Testing

@testable import Administration

/// Documentation/administration.md says what the code does.
@Suite struct DocumentedProtocolTests {
    private let lines: [String]
    private let text: String

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        text = String(
            decoding: try FileReader().read("/\(root)/Documentation/administration.md").bytes, as: UTF8.self)
        lines = text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
    }

    @Test func everyDocumentedRequestIsWhatIsSent() throws {
        let requests = lines.filter { $0.hasPrefix(#"{"version":1,"operation""#) }
        for line in requests { #expect(try ControlRequest(line: Array(line.utf8)).line == line) }
        do throws(ControlRefusal) {
            _ = try ControlRequest(line: Array(#"{"version":1,"operation":"?"}"#.utf8))
        } catch {
            // The refusal lists them.
            let names = error.text.split(separator: " ").dropFirst(3).map { $0.filter { $0 != "," && $0 != "." } }
            for name in names where !name.isEmpty {
                #expect(text.contains("`\(name)`") || requests.contains { $0.contains("\"\(name)\"") }, "\(name)")
            }
        }
        #expect(requests.count >= 16)
    }

    @Test func everyDocumentedAnswerIsWhatIsSent() throws {
        let answers = lines.filter { $0.hasPrefix(#"{"version":1,"ok""#) }
        #expect(answers.count == 2)
        for line in answers { #expect(try #require(ControlAnswer(line: Array(line.utf8))).line == line) }
    }

    @Test(arguments: ControlRefusal.Code.allCases) func everyRefusalIsDocumented(_ code: ControlRefusal.Code) {
        #expect(text.contains("`\(code.rawValue)`"))
    }
}
