import Glibc
import Platform
import Testing

@Suite struct StartedChildrenTests {
    @Test(.startsForeignChildren)
    func childrenThatSomebodyElseInThisProcessStartsAreNotAskedForTheirExit() async throws {
        // As long as this one has ended and is not asked, Swift Testing hears of no other.
        let own = try ChildProcess.start(ProcessSpecification(executable: "/bin/true", arguments: ["true"]))
        let sweeping = Task {
            while !Task.isCancelled, !Self.hasEndedChild(besides: own.pid) { await Task.yield() }
            ProcessFamily.reapAdopted()
            return try own.waitForExit()
        }
        await #expect(processExitsWith: .success) {}
        sweeping.cancel()
        #expect(try await sweeping.value == .status(0))
    }

    private static func hasEndedChild(besides pid: Int32) -> Bool {
        ProcessTable.now().children(of: getpid()).contains { $0.isZombie && $0.pid != pid }
    }
}
