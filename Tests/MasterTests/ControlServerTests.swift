import Administration
import Configuration
import Delegation
import EventLoop
import Events
import HostModel
import Platform
import TestSupport
import Testing

@testable import Master

/// Answers what the test says, when it says.
private final class FakeSubject: ControlSubject {
    var asked: [ControlRequest.Operation] = []
    var answersLater = false
    var waiting: [(ControlAnswer) -> Void] = []
    /// What makes answers long.
    var padding: String?

    func perform(
        _ operation: ControlRequest.Operation, for peer: PeerCredentials, answer: @escaping (ControlAnswer) -> Void
    ) {
        asked.append(operation)
        guard !answersLater else { return waiting.append(answer) }
        answer(.done([.init("number", .integer(asked.count))] + (padding.map { [.init("padding", .text($0))] } ?? [])))
    }

    func perform(
        _ order: WebConfigOrder, isAdministrator: Bool, for peer: PeerCredentials,
        answer: @escaping (ControlAnswer) -> Void
    ) { perform(.webConfig(order), for: peer, answer: answer) }

    var model = HostModel.empty
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        guard let start = indices.first(where: { self[$0...].hasPrefix(part) }) else { return self }
        return String(self[..<start]) + other + self[index(start, offsetBy: part.count)...]
    }
}

extension HostModel {
    fileprivate static var empty: HostModel {
        // An empty file is sound.
        HostModel.build(try! ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "test"))
    }
}

private struct NoLog: EventRecorder {
    func record(_ event: Event) {}
}

/// A server on a loop of its own, and raw clients.
private final class ControlBench {
    final class Client {
        let socket: FileDescriptor
        var received: [UInt8] = []
        var hasEnded = false

        init(_ folder: String) throws {
            socket = try FileDescriptor.connected(in: folder, named: ControlRequest.socketName, timeout: 10_000)
        }

        func send(_ text: String) throws { try socket.sendAll(Array(text.utf8), timeout: 10_000) }

        func read() {
            while !hasEnded {
                do throws(SystemError) {
                    hasEnded = try !socket.receive(into: &received)
                } catch {
                    if error.code != 11 { hasEnded = true }
                    return
                }
            }
        }

        var lines: [String] {
            String(decoding: received, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    let folder: TemporaryFolder
    let loop: EventLoop
    let history: EventHistory
    let subject = FakeSubject()
    let server: ControlServer
    let clock: ManualClock

    /// - Parameters:
    ///   - isOwners: whether whoever connects is the server's owner; else it goes by `administration`.
    ///   - administration: what administration.config says.
    init(isOwners: Bool = true, administration: String = "<configuration/>") throws {
        let clock = ManualClock()
        self.clock = clock
        folder = try TemporaryFolder()
        loop = try EventLoop(clock: { clock.now })
        history = EventHistory(stateFolder: folder.path, log: NoLog()) { 0 }
        server = try ControlServer(
            stateFolder: folder.path, history: history, on: loop, subject: subject,
            admission: Admission(isOwner: { _ in isOwners }, on: loop, log: NoLog()) { [path = folder.path] in
                "\(path)/administration.config"
            })
        try Folder.replaceFile("\(folder.path)/administration.config", with: Array(administration.utf8))
    }

    deinit { history.finish() }

    func client() throws -> Client { try Client(folder.path) }

    /// Turns the loop until the condition holds.
    func turn(_ client: Client, until isDone: () -> Bool) {
        for _ in 0..<30_000 {
            client.read()
            if isDone() { return }
            loop.turn(maximumWait: 1)
        }
        Issue.record("nothing came; there was \(client.lines)")
    }
}

@Suite struct ControlServerTests {
    private static let done = #"{"version":1,"ok":true,"number":"#

    @Test func requestsAreAnsweredInOrderOnOneConnection() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        try client.send(ControlRequest(.reload).line + "\n" + ControlRequest(.recycle(pool: "x")).line + "\n")
        bench.turn(client) { client.lines.count == 2 }
        #expect(client.lines == [Self.done + "1}", Self.done + "2}"])
        #expect(bench.subject.asked == [.reload, .recycle(pool: "x")])
        bench.server.close()
    }

    @Test func theNextRequestWaitsForTheAnswerToTheFirst() throws {
        let bench = try ControlBench()
        bench.subject.answersLater = true
        let client = try bench.client()
        try client.send(ControlRequest(.reload).line + "\n" + ControlRequest(.status).line + "\n")
        bench.turn(client) { bench.subject.asked.count == 1 }
        for _ in 0..<20 { bench.loop.turn(maximumWait: 1) }
        #expect(bench.subject.asked == [.reload])
        bench.subject.waiting[0](.done([]))
        bench.turn(client) { bench.subject.asked.count == 2 }
        bench.subject.waiting[1](.done([]))
        bench.turn(client) { client.lines.count == 2 }
        bench.server.close()
    }

    @Test func aRequestInPiecesAndAnEndBehindItAreUnderstood() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        for byte in ControlRequest(.status).line {
            try client.send(String(byte))
            bench.loop.turn(maximumWait: 1)
        }
        try client.send("\n")
        client.socket.shutDownOutput()
        bench.turn(client) { client.hasEnded }
        #expect(client.lines == [Self.done + "1}"])
        bench.server.close()
    }

    @Test func nonsenseIsRefusedAndTheConnectionGoesOn() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        try client.send("GET / HTTP/1.1\r\n" + ControlRequest(.status).line + "\n")
        bench.turn(client) { client.lines.count == 2 }
        #expect(client.lines[0].contains(#""error":"malformed""#))
        #expect(client.lines[1] == Self.done + "1}")
        bench.server.close()
    }

    @Test func aLineWithoutEndIsRefusedBeforeItTakesMemory() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        try client.send(String(repeating: "x", count: ControlRequest.maximumLength + 2))
        bench.turn(client) { client.hasEnded }
        #expect(client.lines.count == 1)
        #expect(client.lines[0].contains(#""error":"malformed""#))
        bench.server.close()
    }

    @Test func whoSendsNothingButNonsenseIsDisconnected() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        try client.send(String(repeating: "\n", count: 40))
        bench.turn(client) { client.hasEnded }
        #expect(client.lines.count == 16)
        bench.server.close()
    }

    @Test func fromWhoTakesNoAnswersNothingMoreIsRead() throws {
        let bench = try ControlBench()
        bench.subject.padding = String(repeating: "x", count: 64 << 10)
        let client = try bench.client()
        let count = 40
        for _ in 0..<count { try client.send(ControlRequest(.status).line + "\n") }
        var before = -1
        while bench.subject.asked.count > before {
            before = bench.subject.asked.count
            for _ in 0..<20 { bench.loop.turn(maximumWait: 1) }
        }
        // What the kernel's buffers take, and what is above the mark.
        #expect(before > 0 && before < count / 2)
        bench.turn(client) { bench.subject.asked.count == count }
        bench.server.close()
    }

    @Test func aStrangerIsRefused() throws {
        let bench = try ControlBench(isOwners: false)
        let client = try bench.client()
        try client.send(ControlRequest(.status).line + "\n")
        bench.turn(client) { client.hasEnded }
        #expect(client.lines.count == 1)
        #expect(client.lines[0].contains(#""error":"denied""#))
        #expect(bench.subject.asked.isEmpty)
        bench.server.close()
    }

    private static func giving(_ path: String) -> String {
        let rule = "<scope path=\"\(path)\"><add name=\"\(CurrentProcess.user)\"/></scope></authorizationRules>"
        return DelegationEdit.empty.replacing("</authorizationRules>", with: rule)
    }

    @Test func aDelegateIsToldWhatIsHisAndRefusedWhatIsNot() throws {
        let bench = try ControlBench(isOwners: false, administration: Self.giving("/Main"))
        let client = try bench.client()
        let operations: [ControlRequest.Operation] = [
            .startSite("main"), .stopSite("Other"), .reload, .stop(now: true), .access,
            .webConfig(WebConfigOrder(site: "Other", .read)),
        ]
        for operation in operations { try client.send(ControlRequest(operation).line + "\n") }
        bench.turn(client) { client.lines.count == operations.count }
        #expect(client.lines[0] == Self.done + "1}")
        for line in [1, 2, 3, 5] { #expect(client.lines[line].contains(#""error":"denied""#), "\(client.lines[line])") }
        #expect(client.lines[4].contains(#""authority":"scopes","scopes":["Main"]"#))
        #expect(bench.subject.asked == [.startSite("main")])
        bench.server.close()
    }

    @Test func whoeverTheServerNamesAsAdministratorMayDoEverything() throws {
        let bench = try ControlBench(isOwners: false, administration: Self.giving("/"))
        let client = try bench.client()
        try client.send(ControlRequest(.reload).line + "\n")
        bench.turn(client) { client.lines.count == 1 }
        #expect(client.lines == [Self.done + "1}"])
        bench.server.close()
    }

    @Test func aRosterWhoseFileIsTakenAwayStaysUntilAReload() throws {
        let bench = try ControlBench(isOwners: false, administration: Self.giving("/"))
        let client = try bench.client()
        try client.send(ControlRequest(.status).line + "\n")
        bench.turn(client) { client.lines.count == 1 }
        try Folder.removeFile("\(bench.folder.path)/administration.config")
        for _ in 0..<2 { try client.send(ControlRequest(.status).line + "\n") }
        try client.send(ControlRequest(.reload).line + "\n" + ControlRequest(.status).line + "\n")
        bench.turn(client) { client.lines.count == 5 }
        #expect(client.lines[1...3] == [Self.done + "2}", Self.done + "3}", Self.done + "4}"])
        #expect(client.lines[4].contains(#""error":"denied""#))
        bench.server.close()
    }

    @Test func delegatesCrowdOnlyThemselvesOut() throws {
        let bench = try ControlBench(isOwners: false, administration: Self.giving("/Main"))
        var clients: [ControlBench.Client] = []
        for _ in 0..<ControlPlaces.eachUser {
            let client = try bench.client()
            clients.append(client)
            try client.send(ControlRequest(.startSite("Main")).line + "\n")
            bench.turn(client) { client.lines.count == 1 }
        }
        let late = try bench.client()
        bench.turn(late) { late.hasEnded }
        #expect(late.lines.first?.contains(#""error":"busy""#) == true)
        bench.server.close()
    }

    @Test func aCrowdIsRefusedAndThoseBeforeItAreServed() throws {
        let bench = try ControlBench()
        var clients: [ControlBench.Client] = []
        for _ in 0..<ControlPlaces.administrators {
            clients.append(try bench.client())
            bench.loop.turn(maximumWait: 1)
        }
        let late = try bench.client()
        bench.turn(late) { late.hasEnded }
        #expect(late.lines.first?.contains(#""error":"busy""#) == true)
        try clients[0].send(ControlRequest(.status).line + "\n")
        bench.turn(clients[0]) { clients[0].lines.count == 1 }
        bench.server.close()
    }

    @Test func whoSaysNothingForHalfAMinuteLosesTheConnection() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        bench.loop.turn(maximumWait: 1)
        bench.clock.advance(31_000_000_000)
        bench.turn(client) { client.hasEnded }
        #expect(client.lines.first?.contains(#""error":"busy""#) == true)
        bench.server.close()
    }

    @Test func eventsAreSentAndThenTheNextRequestIsRead() throws {
        let bench = try ControlBench()
        for number in 1...3 { bench.history.record(Event(.serverStarted, "\(number)")) }
        let client = try bench.client()
        try client.send(
            ControlRequest(.events(since: 1, follows: false)).line + "\n" + ControlRequest(.status).line + "\n")
        bench.turn(client) { client.lines.count == 5 }
        let records = client.lines[1...2].compactMap { EventRecord(line: Array($0.utf8)) }
        #expect(records.map(\.sequence) == [2, 3])
        #expect(client.lines[3...] == [ControlAnswer.end, Self.done + "1}"])
        bench.server.close()
    }

    @Test func moreEventsThanMemoryHoldsComeFromTheDiskInOrder() throws {
        let bench = try ControlBench()
        let count = 3000
        for number in 1...count { bench.history.record(Event(.serverStarted, "\(number)")) }
        bench.history.finish()
        let client = try bench.client()
        try client.send(ControlRequest(.events(since: 0, follows: false)).line + "\n")
        let end = Array(ControlAnswer.end.utf8) + [UInt8(ascii: "\n")]
        bench.turn(client) { client.received.suffix(end.count) == end[...] }
        let records = client.lines.compactMap { EventRecord(line: Array($0.utf8)) }
        #expect(records.map(\.sequence) == (1...UInt64(count)).map { $0 })
        bench.server.close()
    }

    @Test func aFollowerHearsWhatHappensAndIsForgottenWhenItLeaves() throws {
        let bench = try ControlBench()
        let client = try bench.client()
        try client.send(ControlRequest(.events(since: 7, follows: true)).line + "\n")
        bench.turn(client) { client.lines.count == 1 }
        bench.history.record(Event(.serverStarted, "live"))
        bench.turn(client) { client.lines.count == 2 }
        #expect(EventRecord(line: Array(client.lines[1].utf8))?.event.text == "live")
        client.socket.shutDownOutput()
        bench.turn(client) { client.hasEnded }
        bench.history.record(Event(.serverStarted, "unheard"))
        bench.server.close()
    }

    @Test func theSocketIsGoneAfterTheEnd() throws {
        let bench = try ControlBench()
        #expect(bench.folder.names.contains(ControlRequest.socketName))
        bench.server.close()
        #expect(!bench.folder.names.contains(ControlRequest.socketName))
        #expect(throws: SystemError.self) { _ = try bench.client() }
    }
}
