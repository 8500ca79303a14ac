import Configuration
import Crypto
import Events
import HostModel
import Platform
import Synchronization
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct HistoryKeeperTests {
    private final class Recorder: EventRecorder {
        private let events = Mutex<[Event]>([])
        var kinds: [EventKind] { events.withLock { $0.map(\.kind) } }

        func record(_ event: Event) { events.withLock { $0.append(event) } }
    }

    /// One thread waits for another.
    final class Signal: Sendable {
        private let wakeUp: WakeUp

        init() throws { wakeUp = try WakeUp() }

        func give() { wakeUp.signal() }

        func wait() { _ = wakeUp.descriptor.waitForInput(timeout: -1) }
    }

    private let folder: TemporaryFolder
    private let log = Recorder()
    private let keeper: HistoryKeeper

    init() throws {
        folder = try TemporaryFolder()
        folder.makeFolder("state")
        keeper = try HistoryKeeper(stateFolder: folder["state"], log: log)
    }

    private func text(_ number: Int) -> [UInt8] {
        Array(ConfigurationChangeTests.configuration(site: "S\(number)").utf8)
    }

    private func apply(_ number: Int) throws {
        let path = folder["applicationHost.config"]
        let bytes = text(number)
        keeper.applied(
            HistoryKeeper.Version(
                file: FileInForce(local: path),
                model: HostModel.build(try ServerConfiguration(bytes: bytes, path: path)),
                folders: HistoryFolders(isEnabled: false, path: folder["history"], limit: 1), bytes: { bytes }))
    }

    private func waitUntilIdle() throws {
        let idle = try Signal()
        try keeper.threads.execute { idle.give() }
        idle.wait()
    }

    private func hashes() throws -> [SHA256Digest?] {
        try ConfigurationHistory.reading(state: folder["state"])?.versions().map(\.newHash) ?? []
    }

    @Test func ofVersionsThatWaitForTheDiskTheNewestAreRecorded() throws {
        let end = try Signal()
        try keeper.threads.execute { end.wait() }
        for number in 1...20 {
            try apply(number)
            keeper.tick()
        }
        end.give()
        try waitUntilIdle()
        #expect(try hashes() == (13...20).reversed().map { SHA256.hash(text($0)) })
        #expect(log.kinds == [])
    }

    @Test func aVersionThatCouldNotBeRecordedIsRecordedLater() throws {
        folder.makeFolder("state/intent")
        try apply(1)
        keeper.tick()
        try waitUntilIdle()
        #expect(log.kinds == [.historyUnavailable])
        folder.rename("state/intent", to: "away")
        keeper.tick()
        try waitUntilIdle()
        #expect(try hashes() == [SHA256.hash(text(1))])
        #expect(log.kinds == [.historyUnavailable])
    }
}
