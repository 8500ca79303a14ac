import Glibc
import Platform
import TestSupport
import Testing

@Suite struct LocalSocketTests {
    let folder: TemporaryFolder
    let sockets: FileDescriptor

    init() throws {
        folder = try TemporaryFolder()
        sockets = try FileDescriptor.folder(folder.path)
    }

    private func isRefused(_ name: String) throws -> Bool {
        switch try FileDescriptor.connection(to: name, in: sockets) {
        case .refused: true
        case .connected, .absent: false
        }
    }

    private func connect(_ name: String) throws -> FileDescriptor? {
        switch try FileDescriptor.connection(to: name, in: sockets) {
        case .connected(let connection): connection
        case .refused, .absent: nil
        }
    }

    @Test func aBoundSocketIsItsOwnersAndTakesNobodyUntilItListens() throws {
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        #expect(try folder.status("a").st_mode & 0o777 == 0o600)
        #expect(try isRefused("a"))
        try socket.listen()
        let connection = try connect("a")
        #expect(connection != nil)
        #expect(socket.acceptLocal() != nil)
        #expect(socket.acceptLocal() == nil)
    }

    @Test func whoListensIsToldToWhoConnects() throws {
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        try socket.listen()
        let connection = try #require(try connect("a"))
        #expect(try connection.peer() == .init(pid: getpid(), user: geteuid()))
    }

    @Test func aSocketThatIsNotThereIsAbsent() throws {
        let isAbsent =
            switch try FileDescriptor.connection(to: "b", in: sockets) {
            case .absent: true
            case .connected, .refused: false
            }
        #expect(isAbsent)
    }

    @Test func aFolderWithALongPathHoldsSocketsToo() throws {
        let deep = String(repeating: "a-long-name-of-a-folder/", count: 8)
        try Folder.make(folder[deep])
        let sockets = try FileDescriptor.folder(folder[deep])
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        try socket.listen()
        guard case .connected = try FileDescriptor.connection(to: "a", in: sockets) else {
            return #expect(Bool(false)) as Void
        }
    }

    @Test func aDescriptorThatIsNoSocketIsNoInheritedOne() throws {
        try folder.write("file", "")
        let file = try FileDescriptor.open(folder["file"], O_RDONLY)
        #expect(FileDescriptor.inheritedSocket(file.number) == nil)
        #expect(FileDescriptor.inheritedSocket(9999) == nil)
    }
}
