import Control
import Platform
import Router
import Testing
import Wire
import Worker

@Suite(.loopCounts)
struct PoolTests {
    @Test func aRequestWithoutAWorkerAsksForOneOnceAndWaits() throws {
        let plane = try Plane()
        let clients = [try plane.client(), try plane.client()]
        clients[0].get("/a")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        clients[1].send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz")
        plane.settle()
        #expect(plane.messages.filter { $0 == .activate(pool: 1) }.count == 1)
        let worker = try plane.worker { _, _ in }
        plane.turn { worker.body == Array("xyz".utf8) }
        for (head, stream) in zip(worker.heads, worker.streams) { stream.respond(string(head.path)) }
        plane.turn { clients[0].text.hasSuffix("/a") && clients[1].text.hasSuffix("/b") }
    }

    @Test func whatWaitsForAWorkerThatNeverComesIsAnswered503() throws {
        let plane = try Plane()
        let client = try plane.client()
        client.get("/")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        plane.master?.send(.activationFailed(pool: 1))
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
    }

    @Test func aFullQueueAnswers503AtOnce() throws {
        let plane = try Plane(queueLength: 2)
        let clients = try (0..<3).map { _ in try plane.client() }
        for client in clients {
            client.get("/")
            plane.settle()
        }
        #expect(clients[2].text.hasPrefix("HTTP/1.1 503 ") && clients[0].text.isEmpty && clients[1].text.isEmpty)
        // A place that a client leaves is free again.
        clients[0].close()
        plane.settle()
        plane.moveClock(seconds: 2)
        let next = try plane.client()
        next.get("/")
        plane.settle()
        #expect(next.text.isEmpty)
    }

    @Test(arguments: [RouteTable.PoolState.disabled, .offline])
    func aStoppedPoolAnswers503AndAsksForNothing(_ state: RouteTable.PoolState) throws {
        let plane = try Plane(state: state)
        let client = try plane.client()
        client.get("/")
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 503 ") && !plane.messages.contains(.activate(pool: 1)))
    }

    @Test func aWorkerThatEndsFailsItsRequestsAndTheNextOneGetsANewWorker() throws {
        let plane = try Plane()
        let first = try plane.worker { _, stream in stream.begin(ResponseHead(status: 200)) }
        let begun = try plane.client()
        begun.get("/")
        plane.turn { begun.text.contains("200 OK") }
        let second = try plane.rawWorker(2)
        let waiting = try plane.client()
        waiting.get("/")
        plane.turn { second.received.count > 100 }
        plane.master?.send(.workerGone(worker: 1))
        second.close()
        plane.turn { begun.hasEnded && waiting.hasEnded }
        #expect(!begun.text.hasSuffix("0\r\n\r\n"), "a response that broke off must not look whole")
        #expect(waiting.text.hasPrefix("HTTP/1.1 502 "))
        #expect(first.hasEnded && plane.messages.contains(.linkBroken(worker: 2, reason: "")))
        #expect(!plane.messages.contains(.linkBroken(worker: 1, reason: "")))
        let next = try plane.client()
        next.get("/")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
    }

    @Test func aRetiredWorkerFinishesWhatItHasWhileAnotherTakesWhatIsNew() throws {
        let plane = try Plane()
        let old = try plane.worker(1) { _, _ in }
        let client = try plane.client()
        client.get("/")
        plane.turn { old.streams.count == 1 }
        let new = try plane.worker(2) { _, stream in stream.respond("new") }
        plane.master?.send(.retire(worker: 1))
        for _ in 0..<5 {
            let other = try plane.client()
            other.get("/")
            plane.turn { other.text.hasSuffix("new") }
        }
        #expect(!old.hasEnded && old.heads.count == 1 && new.heads.count == 5)
        old.streams[0].respond("old")
        plane.turn { client.text.hasSuffix("old") && old.hasEnded }
        #expect(!plane.messages.contains { if case .linkBroken = $0 { true } else { false } })
    }

    @Test func aRequestThatAWorkerRefusesGoesToAnother() throws {
        let plane = try Plane()
        let leaving = try plane.worker(1) { _, stream in stream.refuse() }
        let client = try plane.client()
        client.get("/a")
        // The refusing one is reported, and another one is asked for.
        plane.turn { plane.messages.contains(.linkBroken(worker: 1, reason: "")) }
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        let next = try plane.worker(2) { _, _ in }
        plane.turn { next.endedRequests == 1 }
        let head = next.heads[0]
        next.streams[0].respond(string(head.path))
        plane.turn { client.text.hasSuffix("/a") }
        #expect(leaving.heads.count == 1 && next.heads.count == 1)
    }

    @Test func aRequestWhoseBodyTheRefusingWorkerHasIsAnswered503() throws {
        let plane = try Plane()
        let worker = try plane.worker(1) { _, _ in }
        let client = try plane.client()
        client.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz")
        plane.turn { worker.body.count == 3 }
        worker.streams[0].refuse()
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
    }

    @Test func aRequestThatEveryWorkerRefusesIsAnswered503() throws {
        let plane = try Plane()
        for number: UInt64 in 1...5 { _ = try plane.worker(number) { _, stream in stream.refuse() } }
        let client = try plane.client()
        client.get("/")
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
    }

    @Test func aPoolThatIsStoppedRefusesWhatWaitsAndStartsAgain() throws {
        let plane = try Plane()
        let client = try plane.client()
        client.get("/")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        plane.master?.send(.poolState(pool: 1, .disabled))
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        plane.master?.send(.poolState(pool: 1, .started))
        plane.settle()
        let next = try plane.client()
        next.get("/")
        plane.settle()
        #expect(next.text.isEmpty)
    }

    @Test func aPoolThatWasStoppedBeforeItsWorkerCameAsksForOneWhenItIsStartedAgain() throws {
        let plane = try Plane()
        let refused = try plane.client()
        refused.get("/")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        plane.master?.send(.poolState(pool: 1, .offline))
        plane.turn { refused.hasEnded }
        plane.master?.send(.poolState(pool: 1, .started))
        plane.settle()
        let waiting = try plane.client()
        waiting.get("/")
        plane.turn { plane.messages.filter { $0 == .activate(pool: 1) }.count == 2 }
    }

    @Test func whatStillWaitsWhenAWorkerDidNotComeAsksForAnother() throws {
        let plane = try Plane()
        let client = try plane.client()
        client.get("/")
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        plane.master?.send(.activationLapsed(pool: 1))
        plane.turn { plane.messages.filter { $0 == .activate(pool: 1) }.count == 2 }
        client.close()
        plane.settle()
        plane.moveClock(seconds: 2)
        plane.master?.send(.activationLapsed(pool: 1))
        plane.settle()
        #expect(plane.messages.filter { $0 == .activate(pool: 1) }.count == 2)
    }

    @Test func requestsGoToTheWorkersOfAPoolInTurn() throws {
        let plane = try Plane()
        let workers = try (1...2).map { number in try plane.worker(UInt64(number)) { _, stream in stream.respond("x") }
        }
        let client = try plane.client()
        for number in 1...6 {
            client.get("/")
            plane.turn { client.text.components(of: "\r\n\r\nx") == number }
        }
        #expect(workers[0].heads.count == 3 && workers[1].heads.count == 3)
    }

    @Test func aDrainedRouterFinishesClosesAndSaysGoodbye() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let (idle, busy) = (try plane.client(), try plane.client())
        busy.get("/")
        plane.turn { worker.streams.count == 1 }
        plane.master?.send(.drain)
        plane.turn { idle.hasEnded }
        #expect(throws: SystemError.self) { _ = try plane.client() }
        #expect(!plane.messages.contains(.goodbye(reason: "drained")))
        worker.streams[0].respond("last")
        plane.turn { plane.hasEnded }
        #expect(busy.text.contains("Connection: close") && busy.text.hasSuffix("last"))
        #expect(plane.messages.last == .goodbye(reason: "drained"))
    }

    @Test func requestsGoOnWithoutAMaster() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("still") }
        plane.master?.close()
        plane.settle()
        let client = try plane.client()
        client.get("/")
        plane.turn { client.text.hasSuffix("still") }
        #expect(worker.heads.count == 1)
    }

    @Test func anIdleConnectionIsClosedAfterItsTime() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("x") }
        let (silent, slow, used) = (try plane.client(), try plane.client(), try plane.client())
        slow.send("GET / HT")
        used.get("/")
        plane.turn { used.text.hasSuffix("x") }
        plane.moveClock(seconds: 60)
        slow.send("TP/1.1\r\n")
        used.get("/")
        plane.turn { used.text.components(of: "\r\n\r\nx") == 2 }
        plane.moveClock(seconds: 61)
        #expect(silent.hasEnded && slow.hasEnded && !used.hasEnded, "a slow head does not renew its time")
        plane.moveClock(seconds: 60)
        #expect(used.hasEnded && worker.heads.count == 2)
    }

    @Test func aRequestInWorkIsNotIdle() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.get("/")
        plane.turn { worker.streams.count == 1 }
        for _ in 0..<4 { plane.moveClock(seconds: 100) }
        #expect(!client.hasEnded)
        worker.streams[0].respond("done")
        plane.turn { client.text.hasSuffix("done") }
    }

    @Test func aBodyThatStopsComingEndsTheConnection() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
        plane.turn { worker.body.count == 3 }
        for _ in 0..<3 { plane.moveClock(seconds: 121) }
        #expect(client.hasEnded && worker.aborts == [.clientGone])
    }
}
