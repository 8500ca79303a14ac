import EventLoop
import Events
import HostModel
import TestSupport
import Testing

@testable import Master

@Suite struct ConfigurationFollowingTests {
    private struct NoLog: EventRecorder {
        func record(_ event: Event) {}
    }

    /// A command that changes the file asks for a reading, which may come while the kernel's announcement of the change has
    /// it read already.
    @Test func aChangeThatIsAskedForWhileItIsReadComesIntoForceOnce() throws {
        let folder = try TemporaryFolder()
        func write(pool: String) throws {
            try folder.write(
                "applicationHost.config",
                """
                <configuration><system.applicationHost><applicationPools><add name="\(pool)"/></applicationPools>
                </system.applicationHost></configuration>
                """)
        }
        try write(pool: "One")
        let loop = try EventLoop()
        let first = try FirstReading.of(folder["applicationHost.config"], state: folder.path)
        var version = first.version
        var applied = 0
        var read: [Int] = []
        let following = ConfigurationFollowing(
            first, state: folder.path, on: loop, log: NoLog(), version: { version },
            apply: {
                version = $0
                applied += 1
            }, hasRead: { number, _, _ in read.append(number) }, reject: { _ in }, refuse: { _ in })
        following.start()
        try write(pool: "Two")
        #expect(following.ask() == 1 && following.ask() == 2)
        for _ in 0..<2000 where read.last != 2 { loop.turn(maximumWait: 5) }
        #expect(read.last == 2 && applied == 1)
        #expect(version.model.poolsByName()["two"] != nil)
    }
}
