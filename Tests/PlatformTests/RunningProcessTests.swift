import Glibc
import Platform
import TestSupport
import Testing

@Suite struct RunningProcessTests {
    private func start(_ arguments: String...) throws -> ChildProcess {
        try ChildProcess.start(ProcessSpecification(executable: "/bin/sh", arguments: ["sh", "-c"] + arguments))
    }

    private func start(_ script: String, printingTo output: borrowing FileDescriptor) throws -> ChildProcess {
        var specification = ProcessSpecification(executable: "/bin/sh", arguments: ["sh", "-c", script])
        specification.descriptors = [(1, output.number)]
        return try ChildProcess.start(specification)
    }

    @Test func aProcessIsFoundByItsNumberAndStart() throws {
        let own = try #require(RunningProcess.Identity.of(getpid()))
        #expect(try RunningProcess.find(own)?.pid == getpid())
        #expect(try RunningProcess.find(.init(pid: own.pid, startTime: own.startTime + 1)) == nil)
        #expect(own.user == geteuid())
    }

    @Test func aChildThatIsFoundAgainTellsHowItEnded() throws {
        let child = try start("read line; exit 7")
        let identity = try #require(RunningProcess.Identity.of(child.pid))
        let found = try #require(try RunningProcess.find(identity))
        #expect(child.pid == found.pid)
        // Its standard input is /dev/null, so it ends by itself.
        #expect(found.kill(timeout: 10_000))
        #expect(try found.exit() != nil)
        #expect(try RunningProcess.find(identity) == nil)
    }

    @Test func howAnothersChildEndedIsUnknown() throws {
        // Its parent stays: whose parent is gone may come to this process.
        let pair = try FileDescriptor.streamPair()
        let child = try start("sleep 60 & echo $!; wait", printingTo: pair.other)
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let hasCome = pair.one.waitForInput(timeout: 20_000)
            try #require(hasCome)
            _ = try pair.one.receive(into: &line)
        }
        let pid = try #require(Int32(String(decoding: line.dropLast(), as: UTF8.self)))
        let identity = try #require(RunningProcess.Identity.of(pid))
        let found = try #require(try RunningProcess.find(identity))
        #expect(try found.exit() == nil)
        #expect(found.kill(timeout: 10_000))
        #expect(try found.exit() == .unknown)
        #expect(try child.waitForExit(timeout: 20_000) == .status(0))
    }

    @Test func aProcessHasRunSinceItsStart() throws {
        let own = try #require(RunningProcess.Identity.of(getpid()))
        #expect(own.age > 0)
        #expect(own.age < 7 * 24 * 3600 * 1_000_000_000)
        #expect(!RunningProcess.Identity.machineRun.isEmpty)
    }

    @Test func aLockIsTakenOverOnlyWithTheFileThatHoldsIt() throws {
        let folder = try TemporaryFolder()
        let path = folder["lock"]
        let lock = try ProcessLock.take(path)
        let sameOpening = isTakenOver(FileDescriptor(owning: fcntl(lock.descriptorNumber, F_DUPFD_CLOEXEC, 3)), path)
        try folder.write("other", "")
        let otherFile = isTakenOver(try FileDescriptor.open(folder["other"], O_RDWR), path)
        let otherOpening = isTakenOver(try FileDescriptor.open(path, O_RDWR), path)
        #expect(sameOpening && !otherFile && !otherOpening)
        withExtendedLifetime(lock.descriptorNumber) {}
    }

    private func isTakenOver(_ file: consuming FileDescriptor, _ path: String) -> Bool {
        (try? ProcessLock.take(over: file, path).descriptorNumber) != nil
    }
}
