import Control
import Testing
import Wire

@testable import Router

/// How the router gives back its links to a worker that is to be stopped.
@Suite(.loopCounts) struct LinkReturnTests {
    private func isAnswer(_ message: ControlMessage) -> Bool {
        if case .unlinked = message { true } else { false }
    }

    @Test func linksWithoutARequestAreClosedAndTheMasterIsTold() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("first") }
        let client = try plane.client()
        client.get("/")
        plane.turn { client.text.hasSuffix("first") }
        plane.master?.send(.unlink(worker: 1))
        plane.turn { plane.messages.contains(where: isAnswer) && worker.hasEnded }
        #expect(plane.messages.filter(isAnswer) == [.unlinked(worker: 1, isQuiet: true)])
        // The master did this: nothing has broken.
        #expect(!plane.messages.contains { if case .linkBroken = $0 { true } else { false } })
    }

    @Test func theNextRequestWaitsAndTheSameWorkerGetsItOnNewLinks() throws {
        let plane = try Plane()
        _ = try plane.worker { _, stream in stream.respond("first") }
        plane.master?.send(.unlink(worker: 1))
        plane.turn { plane.messages.contains(.unlinked(worker: 1, isQuiet: true)) }
        let clients = try (0..<6).map { _ in try plane.client() }
        for client in clients { client.get("/") }
        plane.turn { plane.messages.contains(.activate(pool: 1)) }
        plane.settle()
        #expect(plane.messages.count { $0 == .activate(pool: 1) } == 1)
        _ = try plane.worker { _, stream in stream.respond("second") }
        plane.turn { clients.allSatisfy { $0.text.hasSuffix("second") } }
    }

    @Test func whileARequestIsInWorkAllLinksGoOn() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.get("/")
        plane.turn { worker.streams.count == 1 }
        plane.master?.send(.unlink(worker: 1))
        plane.turn { plane.messages.contains(.unlinked(worker: 1, isQuiet: false)) }
        #expect(!plane.messages.contains(.unlinked(worker: 1, isQuiet: true)))
        // On whichever loop they are.
        let others = try (0..<6).map { _ in try plane.client() }
        for other in others { other.get("/") }
        plane.turn { worker.streams.count == 7 }
        for stream in worker.streams { stream.respond("done") }
        plane.turn { ([client] + others).allSatisfy { $0.text.hasSuffix("done") } }
    }

    @Test func ofAWorkerWithoutLinksItIsToldAtOnce() throws {
        let plane = try Plane()
        plane.master?.send(.unlink(worker: 9))
        plane.turn { plane.messages.contains(.unlinked(worker: 9, isQuiet: true)) }
    }

    @Test func nothingIsClosedWhenTheMasterIsGoneMeanwhile() {
        var returns = LinkReturns()
        returns.begin(1, loopCount: 2)
        #expect(returns.paused(1, isQuiet: true) == nil)
        returns.masterGone()
        #expect(returns.paused(1, isQuiet: true) == false)
        let isAwaited = returns.finish(1)
        #expect(!isAwaited)
    }

    @Test func oneLoopWithARequestIsEnough() {
        var returns = LinkReturns()
        returns.begin(1, loopCount: 2)
        #expect(returns.paused(1, isQuiet: false) == nil)
        #expect(returns.paused(1, isQuiet: true) == false)
    }
}
