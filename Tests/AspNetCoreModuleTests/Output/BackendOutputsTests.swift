import EventLoop
import Platform
import TestSupport
import Testing
import Wire

@testable import AspNetCoreModule

@Suite struct BackendOutputsTests {
    private let host: TestModuleHost
    private let folder: TemporaryFolder

    init() throws {
        host = try TestModuleHost()
        folder = try TemporaryFolder()
    }

    private func outputs(_ change: (inout BackendOutputs.Settings) -> Void = { _ in }) -> BackendOutputs {
        var settings = BackendOutputs.Settings()
        change(&settings)
        let place = ApplicationPlace(siteName: "Shop", siteID: 1, path: "/a", folder: folder.path, pool: "P")
        return BackendOutputs(settings, place: place, host: host)
    }

    private func write(_ text: String, _ streams: borrowing BackendStreams, toErrors: Bool = false) {
        switch toErrors {
        case true: _ = streams.errors?.writeLog(Array(text.utf8))
        case false: _ = streams.output?.writeLog(Array(text.utf8))
        }
    }

    private func log() throws -> String {
        let names = try Folder.names(in: "\(folder.path)/logs")
        return try names.map { name in
            String(decoding: try FileReader().read("\(folder.path)/logs/\(name)").bytes, as: UTF8.self)
        }.joined()
    }

    @Test func whatBothStreamsPrintIsCapturedInItsOrder() throws {
        let outputs = outputs()
        let streams = try outputs.open(for: 1)
        write("one ", streams)
        write("two ", streams, toErrors: true)
        write("three", streams)
        #expect(outputs.captured == "one two three")
    }

    @Test func theAttemptsForOneRequestAreCapturedTogetherAndThoseBeforeAreForgotten() throws {
        let outputs = outputs()
        for (attempt, text) in [(1, "old "), (1, "first "), (2, "second")] {
            let streams = try outputs.open(for: attempt)
            write(text, streams)
            outputs.ended()
        }
        #expect(outputs.captured == "first second")
    }

    @Test func aFloodIsDrainedAndItsBeginningKept() throws {
        let outputs = outputs()
        let streams = try outputs.open(for: 1)
        let piece = String(repeating: "x", count: 50_000)
        // The pipe would be full long before the end, and writing would wait for ever.
        for _ in 0..<20 {
            write(piece, streams)
            for _ in 0..<3 { host.loop.turn(maximumWait: 0) }
        }
        #expect(outputs.captured == String(repeating: "x", count: 30_000))
    }

    @Test func withoutRedirectionThereAreNoStreams() throws {
        let outputs = outputs { settings in
            settings.isRedirected = false
            settings.log = .file("\(folder.path)/logs/stdout")
        }
        let streams = try outputs.open(for: 1)
        let hasOutput = streams.output != nil
        let hasErrors = streams.errors != nil
        #expect(!hasOutput && !hasErrors)
        #expect(outputs.captured.isEmpty)
    }

    @Test func withALogOutputGoesIntoItsFileAndNotIntoReports() throws {
        let outputs = outputs { $0.log = .file("\(folder.path)/logs/stdout") }
        let streams = try outputs.open(for: 1)
        write("漢字\n", streams)
        #expect(host.wait { (try? log()) == "漢字\n" })
        #expect(outputs.captured.isEmpty)
        #expect(host.events.isEmpty)
    }

    @Test func theLastWordsAreInTheFileBeforeTheWorkerEnds() throws {
        let outputs = outputs { $0.log = .file("\(folder.path)/logs/stdout") }
        let streams = try outputs.open(for: 1)
        write("last words", streams)
        var isWritten = false
        outputs.afterWriting { isWritten = true }
        #expect(host.wait { isWritten })
        #expect(try log() == "last words")
    }

    @Test func aLogThatCannotBeMadeIsToldAndOutputIsCaptured() throws {
        try folder.write("logs", "")
        let outputs = outputs { $0.log = .file("\(folder.path)/logs/stdout") }
        let streams = try outputs.open(for: 1)
        write("still running", streams)
        #expect(host.wait { !host.events.isEmpty })
        #expect(outputs.captured == "still running")
        let event = try #require(host.events.first)
        #expect(event.number == 1004 && event.level == .warning)
        #expect(event.site == "Shop" && event.application == "/a")
        #expect(event.text.contains("Could not create stdoutLogFile"))
        #expect(host.events.count == 1)
    }

    @Test func aPathOfADriveIsToldAndOutputIsCaptured() throws {
        let outputs = outputs { $0.log = .impossible(#"D:\logs\stdout"#) }
        let streams = try outputs.open(for: 1)
        write("x", streams)
        #expect(outputs.captured == "x")
        #expect(host.events.map(\.number) == [1004])
    }

    @Test func readersEndWithTheLastOfThoseWhoPrint() throws {
        let outputs = outputs()
        var streams: BackendStreams? = try outputs.open(for: 1)
        streams?.output = nil
        host.loop.turn(maximumWait: 0)
        if let streams { write("from a descendant", streams, toErrors: true) }
        streams = nil
        for _ in 0..<5 { host.loop.turn(maximumWait: 0) }
        #expect(outputs.captured == "from a descendant")
    }
}
