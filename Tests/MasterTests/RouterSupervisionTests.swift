import Testing
import Wire

@testable import Master

@Suite struct RouterSupervisionTests {
    private let crash = ProcessEnd(pid: 9, cause: .signal(11), goodbye: nil)
    private let farewell = ProcessEnd(pid: 9, cause: .status(0), goodbye: "drained")

    /// With router 1 ready.
    private func running() -> RouterSupervision {
        var routers = RouterSupervision()
        routers.start()
        _ = routers.ready(1)
        _ = routers.takeActions()
        _ = routers.takeNewcomer()
        return routers
    }

    @Test func theFirstRouterIsStartedOnceAndIntroducedOnce() {
        var routers = RouterSupervision()
        routers.start()
        routers.start()
        #expect(routers.takeActions() == [.startRouter(1)])
        #expect(routers.takeNewcomer() == 1)
        #expect(routers.takeNewcomer() == nil)
        #expect(routers.ready(1) == true)
        #expect(routers.takeActions() == [.record(.routerStarted)])
        #expect(routers.ready(1) == false)
    }

    @Test func aRouterThatCrashesHasASuccessorAtOnce() {
        var routers = running()
        routers.ended(1, crash)
        #expect(
            routers.takeActions() == [.record(.routerCrashed(crash)), .startRouter(2)])
        #expect(routers.takeNewcomer() == 2)
    }

    @Test func aRouterThatNeverComesUpIsTriedAtLongerIntervals() {
        var routers = RouterSupervision()
        routers.start()
        _ = routers.takeActions()
        routers.cannotStart(1, "no")
        #expect(
            routers.takeActions() == [
                .record(.routerCannotStart(reason: "no")), .start(.routerRestart, after: .milliseconds(100)),
            ])
        #expect(routers.takeNewcomer() == nil)
        routers.start()
        routers.ended(2, crash)
        #expect(routers.takeActions().last == .start(.routerRestart, after: .milliseconds(200)))
        #expect(!routers.isHopeless)
        routers.start()
        routers.ended(3, crash)
        #expect(routers.isHopeless)
    }

    @Test func theOldRouterHandsOverWhenTheNewOneIsReady() {
        var routers = running()
        #expect(routers.replace() == true)
        #expect(routers.replace() == false)
        #expect(routers.isReplacing)
        #expect(routers.takeActions() == [.startRouter(2)])
        #expect(routers.ready(2) == true)
        #expect(
            routers.takeActions() == [
                .record(.routerReplaced), .tellOneRouter(1, .handOver),
                .start(.routerEnd(1), after: RouterSupervision.longestHandOver),
            ])
        routers.ended(1, farewell)
        #expect(routers.takeActions() == [.cancel(.routerEnd(1)), .record(.routerLeft(farewell))])
        #expect(routers.routers == [.init(id: 2, state: .ready)])
    }

    @Test func aSuccessorThatDoesNotComeUpLeavesTheOldOneServing() {
        var routers = running()
        _ = routers.replace()
        _ = routers.takeActions()
        routers.ended(2, crash)
        #expect(
            routers.takeActions() == [.record(.routerNotReplaced(reason: "it ended at once"))])
        _ = routers.replace()
        routers.cannotStart(3, "no")
        #expect(routers.takeActions().last == .record(.routerNotReplaced(reason: "no")))
        #expect(routers.routers == [.init(id: 1, state: .ready)])
    }

    @Test func anOldRouterThatCrashesWhileItsSuccessorStartsNeedsNoOther() {
        var routers = running()
        _ = routers.replace()
        _ = routers.takeActions()
        routers.ended(1, crash)
        #expect(routers.takeActions() == [.record(.routerCrashed(crash))])
        #expect(routers.ready(2) == true)
        #expect(routers.takeActions() == [.record(.routerStarted)])
    }

    @Test func anAdoptedRouterGoesOnAndNumbersFollowIt() {
        var routers = RouterSupervision()
        routers.adopt(7, isDraining: false)
        routers.start()
        #expect(routers.takeActions() == [])
        _ = routers.replace()
        #expect(routers.takeActions() == [.startRouter(8)])
    }

    @Test func ofTwoAdoptedRoutersTheYoungerOneTakesTheConnections() {
        var routers = RouterSupervision()
        routers.adopt(3, isDraining: false)
        routers.adopt(4, isDraining: false)
        #expect(
            routers.takeActions() == [
                .tellOneRouter(3, .handOver), .start(.routerEnd(3), after: RouterSupervision.longestHandOver),
            ])
    }

    @Test func anAdoptedRouterThatIsLeavingNeedsASuccessor() {
        var routers = RouterSupervision()
        routers.adopt(3, isDraining: true)
        _ = routers.takeActions()
        routers.start()
        #expect(routers.takeActions() == [.startRouter(4)])
    }

    @Test func theEndDrainsEveryRouterAndAKilledOneIsNoNews() {
        var routers = running()
        _ = routers.replace()
        _ = routers.ready(2)
        _ = routers.takeActions()
        routers.stop(within: .seconds(5))
        #expect(
            routers.takeActions() == [
                .cancel(.routerRestart), .tellOneRouter(1, .drain), .start(.routerEnd(1), after: .seconds(5)),
                .tellOneRouter(2, .drain), .start(.routerEnd(2), after: .seconds(5)),
            ])
        routers.ended(1, farewell)
        #expect(routers.takeActions() == [.cancel(.routerEnd(1))])
        routers.killAll()
        #expect(routers.takeActions() == [.killRouter(2)])
        routers.ended(2, crash)
        #expect(routers.takeActions() == [.cancel(.routerEnd(2))])
        #expect(routers.isEmpty)
    }
}
