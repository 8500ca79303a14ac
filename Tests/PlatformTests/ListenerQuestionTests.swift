import Glibc
import Platform
import TestSupport
import Testing

struct ListenerQuestionTests {
    /// Those that listen at a port of the address 127.0.0.1; other tests listen too.
    private static func local(_ port: UInt16) throws -> [ObservedListener] {
        let listeners = try ListenerQuestion().listeners(port: port)
        return try #require(listeners).filter { $0.address == .v4(0x7f00_0001) }
    }

    /// The number of a descriptor's socket, as `socket:[7]`.
    private static func name(_ number: Int32) -> String? { KernelText.link("/proc/self/fd/\(number)") }

    @Test func whoeverListensIsFoundWithTheirNumber() throws {
        let socket = try FileDescriptor.listening(at: .loopback(port: 0))
        let number = socket.number
        let found = try Self.local(try socket.localAddress().port)
        #expect(found.map(\.user) == [CurrentProcess.user])
        let inode = try #require(found.first).inode
        #expect(Self.name(number) == "socket:[\(inode)]")
        #expect(ObservedListener.holders(of: [inode], among: [1, getpid()])[inode] == getpid())
    }

    @Test func bothFamiliesAndTheirWillToTakeTheOtherAreTold() throws {
        let socket = try FileDescriptor.listening(at: .any(port: 0))
        let port = try socket.localAddress().port
        let listeners = try ListenerQuestion().listeners(port: port)
        let found = try #require(listeners).filter { $0.address == nil }
        #expect(found.map(\.isV6) == [true])
        #expect(found.map(\.isV6Only) == [false])
    }

    @Test func connectionsAreNoListeners() throws {
        let socket = try FileDescriptor.listening(at: .loopback(port: 0))
        let connection = try FileDescriptor.connected(to: try socket.localAddress())
        let found = try Self.local(try connection.localAddress().port)
        #expect(found.isEmpty)
    }

    @Test func aUnixSocketIsFoundByItsFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "")
        let socket = try FileDescriptor.listening(in: folder.path, named: "socket")
        let number = socket.number
        let question = try ListenerQuestion()
        let found = ["socket", "file", "none"].map { question.listener(path: folder[$0]) }
        let inode = try #require(found[0])
        #expect(found == [inode, nil, nil])
        #expect(Self.name(number) == "socket:[\(inode)]")
    }
}
