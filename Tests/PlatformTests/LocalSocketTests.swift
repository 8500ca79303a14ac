import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite struct LocalSocketTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func bytesGoBothWaysAndEachSideKnowsTheOther() throws {
        let listener = try FileDescriptor.listening(in: folder.path, named: "s")
        let client = try FileDescriptor.connected(in: folder.path, named: "s", timeout: 10_000)
        var remote = SocketAddress.any(port: 0)
        guard let server = try listener.accept(&remote) else {
            Issue.record("nobody connected")
            return
        }
        let peers = [try server.peer(), try client.peer()]
        #expect(peers == Array(repeating: PeerCredentials(pid: getpid(), user: geteuid()), count: 2))
        try client.sendAll([1, 2, 3], timeout: 10_000)
        var hasCome = server.waitForInput(timeout: 10_000)
        #expect(hasCome)
        var bytes: [UInt8] = [0]
        var isOpen = try server.receive(into: &bytes)
        #expect(isOpen)
        #expect(bytes == [0, 1, 2, 3])
        server.shutDownOutput()
        hasCome = client.waitForInput(timeout: 10_000)
        #expect(hasCome)
        isOpen = try client.receive(into: &bytes)
        #expect(!isOpen)
        #expect(bytes.count == 4)
    }

    @Test func onlyTheOwnerMayConnectFromTheFirstMomentOn() throws {
        _ = try FileDescriptor.listening(in: folder.path, named: "s")
        #expect(try folder.status("s").st_mode & 0o777 == 0o600)
        #expect(folder.names == ["s"])
    }

    @Test func aPublicSocketIsForEverybodyWhateverTheUmask() throws {
        _ = try FileDescriptor.listeningForEverybody(in: folder.path, named: "s")
        #expect(try folder.status("s").st_mode & 0o777 == 0o666)
        #expect(folder.names == ["s"])
    }

    @Test(arguments: ["s", "s.new"])
    func aPublicSocketTakesNoOtherFilesPlace(_ name: String) throws {
        folder.makeFolder(name)
        let error = #expect(throws: SystemError.self) {
            _ = try FileDescriptor.listeningForEverybody(in: folder.path, named: "s")
        }
        #expect(error?.code == EEXIST)
        #expect(folder.names == [name])
    }

    @Test func aSocketThatAKilledProcessLeftIsReplaced() throws {
        do { _ = try FileDescriptor.listening(in: folder.path, named: "s") }
        #expect(throws: SystemError.self) {
            _ = try FileDescriptor.connected(in: folder.path, named: "s", timeout: 1000)
        }
        let listener = try FileDescriptor.listening(in: folder.path, named: "s")
        _ = try FileDescriptor.connected(in: folder.path, named: "s", timeout: 10_000)
        _ = listener
    }

    @Test func theFoldersPathMayBeLongerThanASocketAddress() throws {
        let long = String(repeating: "x", count: 200)
        folder.makeFolder(long)
        let listener = try FileDescriptor.listening(in: folder[long], named: "s")
        _ = try FileDescriptor.connected(in: folder[long], named: "s", timeout: 10_000)
        _ = listener
    }

    @Test func nobodyListensWhereNothingIs() throws {
        let error = #expect(throws: SystemError.self) {
            _ = try FileDescriptor.connected(in: folder.path, named: "s", timeout: 1000)
        }
        #expect(error?.code == ENOENT)
    }
}

@Suite struct ServiceVariablesTests {
    @Test func passedDescriptorsHaveTheirNamesOrNone() {
        let variables = ActivationVariables(count: "3", pid: "17", names: "web:")
        #expect(variables.names(for: 17) == ["web", "", ""])
    }

    @Test func whatIsMeantForAnotherProcessIsLeftAlone() {
        #expect(ActivationVariables(count: "3", pid: "18", names: nil).names(for: 17).isEmpty)
        #expect(ActivationVariables(count: "3", pid: nil, names: nil).names(for: 17).isEmpty)
    }

    @Test(arguments: [nil, "", "0", "-1", "x", "99999999999999999999"])
    func nonsenseIsNothing(_ count: String?) {
        #expect(ActivationVariables(count: count, pid: "17", names: nil).names(for: 17).isEmpty)
    }

    @Test func theWatchdogIsWhoeverWasAskedToBe() {
        func interval(_ microseconds: String?, _ pid: String?) -> UInt64? {
            ServiceManager.watchdogInterval(microseconds: microseconds, pid: pid, process: 17)
        }
        #expect(interval("30000000", "17") == 30_000_000_000)
        #expect(interval("30000000", nil) == 30_000_000_000)
        #expect(interval("30000000", "18") == nil)
        #expect(interval(nil, "17") == nil)
        #expect(interval("0", "17") == nil)
        #expect(interval("18446744073709551615", "17") == nil)
    }
}
