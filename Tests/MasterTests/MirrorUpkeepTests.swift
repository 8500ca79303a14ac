import ConfigurationStore
import EventLoop
import Events
import SQLite
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Master

/// What becomes of the words of workers, with a mirror on disk.
struct MirrorUpkeepTests {
    private final class Recorder: EventRecorder {
        let events = Mutex<[Event]>([])
        func record(_ event: Event) { events.withLock { $0.append(event) } }
        var names: [String] { events.withLock { $0.map(\.kind.name) } }
    }

    private final class Workers {
        /// Nil: of every pool.
        var asked: [String?] = []
        var listening: [UInt64: Bool] = [:]
    }

    private let loop: EventLoop
    private let folder: TemporaryFolder
    private let recorder = Recorder()
    private let workers = Workers()
    private let upkeep: MirrorUpkeep

    init() throws {
        loop = try EventLoop()
        folder = try TemporaryFolder()
        upkeep = MirrorUpkeep(
            statePath: folder.path, on: loop, log: recorder,
            listen: { [workers] worker, isListening in workers.listening[worker] = isListening },
            ask: { [workers] in workers.asked.append($0) })
        try folder.write(
            "a.config",
            """
            <configuration><system.applicationHost><applicationPools><add name="P"/></applicationPools><sites>
            <site name="S" id="1"><application path="/" applicationPool="P">
            <virtualDirectory path="/" physicalPath="/srv/s"/></application>
            <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></site>
            </sites></system.applicationHost></configuration>
            """)
        upkeep.use(try ConfigurationVersion.read(folder["a.config"], state: folder.path))
    }

    private func turn(until condition: () -> Bool) -> Bool {
        for _ in 0..<3000 where !condition() { loop.turn(maximumWait: 10) }
        return condition()
    }

    private func report(_ path: String, _ file: String) -> WebConfigReport {
        WebConfigReport(siteID: 1, path: path, file: file, content: .read([], problem: nil))
    }

    private func say(_ report: WebConfigReport) { upkeep.received(report, from: 7, of: "P", isInformed: true) }

    private var files: [String] {
        let database = try? StoreFile.mirror(state: folder.path).read().database
        let rows = try? database?.table(
            "SELECT path FROM files WHERE kind = 'web.config' ORDER BY path", rowLimit: 1000, byteLimit: .max
        ).rows
        return (rows ?? []).compactMap { if case .text(let path) = $0[0] { path } else { nil } }
    }

    @Test func aMirrorThatIsMadeHasEveryWorkerAsked() {
        #expect(turn { workers.asked == [nil] })
        upkeep.close()
    }

    @Test func whatIsTrueIsThereAndALieIsSaidOnce() {
        say(report("/", "/etc/web.config"))
        #expect(turn { recorder.names == ["web-config-report-refused"] })
        say(report("/a", "/srv/s/b/web.config"))
        say(report("/", "/srv/s/web.config"))
        #expect(turn { files == ["/srv/s/web.config"] })
        #expect(recorder.names == ["web-config-report-refused"])
        upkeep.close()
    }

    @Test func whoFloodsIsHeardATickLaterAndLosesNothing() {
        let count = WebConfigIntake.reportsPerTick
        for number in 0..<count { say(report("/\(number)", "/srv/s/\(number)/web.config")) }
        #expect(workers.listening == [7: false])
        #expect(turn { workers.listening == [7: true] })
        #expect(turn { files.count == count })
        upkeep.close()
    }
}
