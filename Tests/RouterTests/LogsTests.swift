import Control
import EventLoop
import Glibc
import Platform
import TestSupport
import Testing
import Wire
import Worker

@testable import Router

/// The router's logs, with a master that opens real files. It is 1970-01-01 00:16:40 UTC.
@Suite(.loopCounts)
struct LogsTests {
    private let folder: TemporaryFolder
    private let plane: Plane
    private let worker: TestWorker

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        plane = try Plane { port in Self.table(port) }
        plane.onLogWanted = { request, master in Self.open(request, in: folder.path, for: master) }
        worker = try plane.worker { _, stream in stream.respond("ok") }
    }

    private static func table(
        _ port: UInt16, fields: LogSettings.Fields = [.method, .uriStem, .httpStatus], directory: String = "d",
        period: LogSettings.Period = .daily, truncateSize: UInt64 = 1 << 20
    ) -> RouteTable {
        RouteTable(
            pools: [RouteTable.Pool(id: 1, name: "The Pool", queueLength: 10, state: .started)],
            sites: [
                RouteTable.Site(
                    id: 7, name: "s", bindings: [RouteTable.Binding(port: port)],
                    applications: [RouteTable.Application(path: "/", pool: 1)], log: 0)
            ],
            logs: [
                LogSettings(directory: directory, fields: fields, period: period, truncateSize: truncateSize)
            ])
    }

    private static func folderName(_ log: LogID) -> String {
        switch log {
        case .errors: "HTTPERR"
        case .central: "W3SVC"
        case .site(let id): "W3SVC\(id)"
        }
    }

    private static func open(_ request: LogFileRequest, in directory: String, for master: ControlChannel) {
        do {
            let folder = try LogFolder.open(directory, folderName(request.log))
            var number: UInt32 = 0
            var name = ""
            switch request.name {
            case .exact(let exact): name = exact
            case .numbered(let prefix, let minimum, let suffix):
                number = max(minimum, try folder.lastNumber(prefix: prefix, suffix: suffix))
                name = "\(prefix)\(number)\(suffix).log"
            }
            let file = try folder.open(name)
            let length = UInt64(file.length)
            master.send(
                .logOpened(.init(log: request.log, number: request.number, fileNumber: number, length: length)),
                descriptor: file.descriptor)
        } catch {
            Issue.record("\(error)")
        }
    }

    private func get(_ paths: String..., status: String = "200") throws {
        let client = try plane.client()
        for path in paths {
            client.received = []
            client.get(path)
            plane.turn { client.text.hasPrefix("HTTP/1.1 \(status)") && client.text.hasSuffix("ok") }
        }
        client.close()
        plane.settle()
    }

    private func content(_ name: String, of log: LogID = .site(7)) -> String {
        let path = "\(folder.path)/\(Self.folderName(log))/\(name)"
        guard let file = try? FileDescriptor.open(path, O_RDONLY) else { return "" }
        var bytes: [UInt8] = []
        while let count = try? file.read(4096, at: Int64(bytes.count), into: &bytes), count > 0 {}
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The lines that are no directives, once there are so many, written by another thread after a second.
    private func lines(_ count: Int, _ name: String = "u_ex700101.log", of log: LogID = .site(7)) -> [String] {
        plane.waitForLogs()
        return written(count, name, of: log)
    }

    private func written(_ count: Int, _ name: String, of log: LogID = .site(7)) -> [String] {
        var lines: [String] = []
        for _ in 0..<3000 {
            lines = content(name, of: log).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
            if lines.count >= count { break }
            plane.turnOnce(maximumWait: 1)
        }
        return lines
    }

    private func directives(_ name: String) -> [String] {
        content(name).split(separator: "\n").map(String.init).filter { $0.hasPrefix("#") }
    }

    @Test func requestsAreWrittenInOrderBelowOneHeader() throws {
        try get("/a", "/b")
        #expect(lines(2) == ["GET /a 200", "GET /b 200"])
        try get("/c")
        #expect(lines(3) == ["GET /a 200", "GET /b 200", "GET /c 200"])
        #expect(
            directives("u_ex700101.log") == [
                "#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0",
                "#Date: 1970-01-01 00:16:40", "#Fields: cs-method cs-uri-stem sc-status",
            ])
    }

    private static let custom: [LogSettings.CustomField] = [
        .init(name: "x-port", source: .serverVariable, sourceName: "REMOTE_PORT"),
        .init(name: "x-type", source: .responseHeader, sourceName: "Content-Type"),
        .init(name: "x-length", source: .responseHeader, sourceName: "Content-Length"),
        .init(name: "x-host", source: .requestHeader, sourceName: "Host"),
    ]

    private func use(_ custom: [LogSettings.CustomField]) {
        var table = Self.table(plane.port)
        table.logs[0].customFields = custom
        plane.master?.send(.routes(table))
        plane.settle()
    }

    /// Reference §8.7: the file's name says that there are custom fields.
    @Test func customFieldsHaveAFileOfTheirOwn() throws {
        use(Self.custom)
        let worker = try plane.worker(2) { _, stream in
            var head = ResponseHead(status: 200, contentLength: 2)
            head.headers.append("Content-Type", "text/plain")
            var variables = HeaderBlock()
            variables.append("REMOTE_PORT", "50000")
            variables.append("OTHER", "x")
            head.loggedVariables = variables
            stream.begin(head)
            stream.write(Array("ok".utf8).span)
            stream.end()
        }
        plane.master?.send(.retire(worker: 1))
        plane.settle()
        try get("/a", "/b")
        let line = "200 50000 text/plain 2 h"
        #expect(lines(2, "u_ex700101_x.log") == ["GET /a \(line)", "GET /b \(line)"])
        use([Self.custom[1]])
        try get("/c")
        #expect(lines(3, "u_ex700101_x.log").last == "GET /c 200 text/plain")
        use([])
        try get("/d")
        #expect(lines(1) == ["GET /d 200"])
        #expect(
            directives("u_ex700101_x.log").filter { $0.hasPrefix("#Fields") } == [
                "#Fields: cs-method cs-uri-stem sc-status x-port x-type x-length x-host",
                "#Fields: cs-method cs-uri-stem sc-status x-type",
            ])
        withExtendedLifetime(worker) {}
    }

    @Test func aTunnelIsWrittenWhenItEndsWithTheBytesOfBothWays() throws {
        plane.master?.send(
            .routes(Self.table(plane.port, fields: [.uriStem, .httpStatus, .bytesSent, .bytesReceived])))
        plane.master?.send(.retire(worker: 1))
        let other = try plane.worker(2) { _, stream in
            var head = ResponseHead(status: 101)
            head.headers.append("Upgrade", "echo")
            stream.begin(head)
        }
        let client = try plane.client()
        let request = "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
        client.send(request + "hello")
        plane.turn { other.body.count == 5 }
        other.streams[0].write([UInt8](repeating: 120, count: 1000).span)
        plane.turn { client.received.count > 1000 }
        #expect(lines(0).isEmpty)
        client.stream?.endAfterOutput()
        plane.turn { other.endedRequests == 1 }
        other.streams[0].end()
        plane.turn { client.hasEnded }
        #expect(lines(1) == ["/chat 101 \(client.received.count) \(request.utf8.count + 5)"])
    }

    @Test func linesAreWrittenAtOnceWhenSixtyFourKilobytesHaveGathered() throws {
        let path = "/" + String(repeating: String(repeating: "x", count: 250) + "/", count: 40)
        let client = try plane.client()
        for _ in 0..<8 {
            client.received = []
            client.get(path)
            plane.turn { client.text.hasSuffix("ok") }
        }
        // The clock stands still.
        #expect(written(7, "u_ex700101.log").count >= 7)
    }

    @Test func aNewDayBeginsANewFile() throws {
        try get("/a")
        #expect(lines(1) == ["GET /a 200"])
        plane.moveClock(seconds: 86400)
        try get("/b")
        #expect(lines(1, "u_ex700102.log") == ["GET /b 200"])
        #expect(content("u_ex700101.log").contains("/a") && !content("u_ex700101.log").contains("/b"))
        #expect(directives("u_ex700102.log").contains("#Date: 1970-01-02 00:16:42"))
    }

    @Test func aFileThatWasMovedAwayIsMadeAnewWhenTheMasterSaysSo() throws {
        try get("/a")
        _ = lines(1)
        let path = "\(folder.path)/W3SVC7/u_ex700101.log"
        try #require(unsafe rename(path, path + ".1") == 0)
        plane.master?.send(.reopenLogs)
        plane.settle()
        try get("/b")
        #expect(lines(1) == ["GET /b 200"])
        #expect(directives("u_ex700101.log").count == 4)
        #expect(!content("u_ex700101.log.1").contains("/b"))
    }

    @Test func aFileThatWasDeletedIsMadeAnewAfterTheNextLines() throws {
        try get("/a")
        _ = lines(1)
        try #require(unsafe unlink("\(folder.path)/W3SVC7/u_ex700101.log") == 0)
        try get("/lost")
        plane.waitForLogs()
        plane.turn { plane.messages.count { if case .logWanted = $0 { true } else { false } } == 2 }
        try get("/b")
        #expect(lines(1) == ["GET /b 200"])
    }

    @Test func otherFieldsBeginWithAHeaderOfTheirOwnInTheSameFile() throws {
        try get("/a")
        _ = lines(1)
        plane.master?.send(.routes(Self.table(plane.port, fields: [.uriStem])))
        plane.settle()
        try get("/b")
        #expect(lines(2) == ["GET /a 200", "/b"])
        let fields = directives("u_ex700101.log").filter { $0.hasPrefix("#Fields") }
        #expect(fields == ["#Fields: cs-method cs-uri-stem sc-status", "#Fields: cs-uri-stem"])
    }

    @Test func anotherFolderIsAskedFor() throws {
        try get("/a")
        _ = lines(1)
        plane.master?.send(.routes(Self.table(plane.port, directory: "elsewhere")))
        plane.settle()
        try get("/b")
        #expect(lines(2).last == "GET /b 200")
        #expect(plane.messages.count { if case .logWanted = $0 { true } else { false } } == 2)
    }

    @Test func aFileOfItsFullSizeIsFollowedByTheNextNumber() throws {
        plane.master?.send(.routes(Self.table(plane.port, period: .maximumSize, truncateSize: 180)))
        plane.settle()
        try get("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        #expect(lines(1, "u_extend1.log").count == 1)
        try get("/b")
        #expect(lines(1, "u_extend2.log") == ["GET /b 200"])
        try get("/c")
        #expect(lines(2, "u_extend2.log") == ["GET /b 200", "GET /c 200"])
    }

    @Test func withoutAMasterTheLogGoesOnInTheFileItHas() throws {
        try get("/a")
        _ = lines(1)
        plane.master?.close()
        plane.settle()
        plane.moveClock(seconds: 86400)
        try get("/b")
        #expect(lines(2) == ["GET /a 200", "GET /b 200"])
    }

    @Test func aLogThatCannotBeOpenedIsAskedForAgainLaterAndNeverKeepsARequest() throws {
        var asked = 0
        plane.onLogWanted = { request, master in
            asked += 1
            master.send(.logRefused(request.log, number: request.number))
        }
        try get("/a", "/b")
        plane.waitForLogs()
        #expect(asked == 1)
        plane.moveClock(seconds: 6)
        let path = folder.path
        plane.onLogWanted = { request, master in Self.open(request, in: path, for: master) }
        try get("/c")
        #expect(lines(1) == ["GET /c 200"])
    }

    @Test func aFullDiskIsToldOnceAndCostsNoRequest() throws {
        plane.onLogWanted = { request, master in
            guard let full = try? FileDescriptor.open("/dev/full", O_WRONLY) else { return }
            master.send(
                .logOpened(.init(log: request.log, number: request.number, fileNumber: 0, length: 0)), descriptor: full)
        }
        func failures() -> [ControlMessage] {
            plane.messages.filter { if case .logFailed = $0 { true } else { false } }
        }
        try get("/a")
        plane.waitForLogs()
        plane.turn { !failures().isEmpty }
        try get("/b")
        plane.waitForLogs()
        for _ in 0..<50 { plane.turnOnce(maximumWait: 1) }
        #expect(failures() == [.logFailed(.site(7), reason: "No space left on device")])
    }

    @Test func aRefusedRequestStandsInTheErrorLogAndNotInTheSites() throws {
        let client = try plane.client()
        client.send("GET /x HTTP/1.1\r\nHost: h\r\nBad Field: y\r\n\r\n")
        plane.turn { client.text.hasPrefix("HTTP/1.1 400 ") }
        plane.master?.send(
            .routes(
                RouteTable(
                    pools: [RouteTable.Pool(id: 1, name: "The Pool", queueLength: 10, state: .disabled)],
                    sites: Self.table(plane.port).sites, logs: Self.table(plane.port).logs)))
        plane.settle()
        let other = try plane.client()
        other.get("/y?z")
        plane.turn { other.text.hasPrefix("HTTP/1.1 503 ") }
        let all = lines(2, "httperr1.log", of: .errors)
        try #require(all.count == 2)
        let port = "127.0.0.1 \(plane.port)"
        #expect(all[0].hasPrefix("1970-01-01 00:16:40 127.0.0.1 "))
        #expect(all[0].hasSuffix(" \(port) HTTP/1.1 GET /x 400 - Header -"))
        #expect(all[1].hasSuffix(" \(port) HTTP/1.1 GET /y?z 503 7 Disabled The+Pool"))
        #expect(content("u_ex700101.log").isEmpty)
        #expect(
            content("httperr1.log", of: .errors).hasPrefix("#Software: Microsoft HTTP API 2.0\n#Version: 1.0\n#Date: "))
    }

    @Test func whoeverIsGivenUpIsInTheErrorLogWithTheReason() throws {
        let idle = try plane.client()
        let slow = try plane.client()
        slow.send("GET /x HT")
        let silent = try plane.client()
        silent.send("POST /y HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na")
        worker.answersWholeRequests = true
        plane.settle()
        // The body's time is looked at twice.
        plane.moveClock(seconds: 121)
        plane.moveClock(seconds: 121)
        plane.turn { idle.hasEnded && slow.hasEnded && silent.hasEnded }
        let reasons = lines(3, "httperr1.log", of: .errors).map { $0.split(separator: " ")[11] }
        #expect(reasons.sorted() == ["Timer_ConnectionIdle", "Timer_EntityBody", "Timer_HeaderWait"])
    }

    @Test func aClientThatLeavesEarlyIsTold() throws {
        worker.answersWholeRequests = true
        let client = try plane.client()
        client.send("POST /gone HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na")
        plane.turn { worker.heads.count == 1 }
        client.close()
        plane.settle()
        let all = lines(1, "httperr1.log", of: .errors)
        #expect(all.first?.hasSuffix(" HTTP/1.1 POST /gone - 7 Client_Reset The+Pool") == true)
    }

    @Test func whatIsLeftIsWrittenBeforeTheRouterEnds() throws {
        try get("/a")
        plane.master?.send(.drain)
        for _ in 0..<3000 where !plane.messages.contains(.goodbye(reason: "drained")) {
            plane.turnOnce(maximumWait: 1)
        }
        #expect(content("u_ex700101.log").hasSuffix("\nGET /a 200\n"))
    }
}
