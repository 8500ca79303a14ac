import Platform
import Synchronization
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct DoubtfulFileTests {
    private final class HangingShare: Sendable {
        private let wakeUp: WakeUp

        init() throws { wakeUp = try WakeUp() }

        func wait() { _ = wakeUp.descriptor.waitForInput(timeout: -1) }

        func answer() { wakeUp.signal() }
    }

    @Test func whatAFileSaysComesBackAndSoDoesItsError() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", "text")
        #expect(try DoubtfulFile(folder["a"]).read() == Array("text".utf8))
        #expect(try DoubtfulFile(folder["b"]).read() == nil)
        #expect(throws: FileError(folder["a"], .locked)) {
            try DoubtfulFile(folder["a"]).perform { () throws(FileError) in throw FileError(folder["a"], .locked) }
        }
        #expect(try DoubtfulFile(folder["a"]).read() == Array("text".utf8))
    }

    @Test func aFileThatDoesNotAnswerIsGivenUpAndLeftAloneUntilItDoes() throws {
        let file = DoubtfulFile("/share/\(UInt64.random(in: .min ... .max))")
        let share = try HangingShare()
        #expect(throws: FileError(file.path, .silent(.milliseconds(1)))) {
            try file.perform(within: .milliseconds(1)) { () throws(FileError) in
                share.wait()
            }
        }
        let isReached = Mutex(false)
        #expect(throws: FileError(file.path, .silent(SharedFolder.patience))) {
            try file.perform { () throws(FileError) in isReached.withLock { $0 = true } }
        }
        #expect(!isReached.withLock { $0 })
        share.answer()
        while (try? file.perform { () throws(FileError) in true }) == nil {}
    }
}
