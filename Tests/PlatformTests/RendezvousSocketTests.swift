import Glibc
import Platform
import TestSupport
import Testing

@Suite final class RendezvousSocketTests {
    let folder: TemporaryFolder
    let sockets: FileDescriptor

    init() throws {
        folder = try TemporaryFolder()
        sockets = try FileDescriptor.folder(folder.path)
    }

    private func isRefused(_ name: String) throws -> Bool {
        switch try FileDescriptor.connection(to: name, in: sockets) {
        case .refused: true
        default: false
        }
    }

    private func connect(_ name: String) throws -> FileDescriptor? {
        switch try FileDescriptor.connection(to: name, in: sockets) {
        case .connected(let connection): connection
        default: nil
        }
    }

    @Test func aBoundSocketIsItsOwnersAndTakesNobodyUntilItListens() throws {
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        #expect(try folder.status("a").st_mode & 0o777 == 0o600)
        #expect(try isRefused("a"))
        try socket.listen()
        let isConnected = try connect("a") != nil
        #expect(isConnected)
        let (first, second) = (socket.acceptLocal() != nil, socket.acceptLocal() != nil)
        #expect(first && !second)
    }

    @Test func whoListensIsToldToWhoConnects() throws {
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        try socket.listen()
        let peer = try connect("a")?.peer()
        #expect(peer == .init(pid: getpid(), user: geteuid()))
    }

    @Test func aSocketThatIsNotThereIsAbsent() throws {
        let isAbsent =
            switch try FileDescriptor.connection(to: "b", in: sockets) {
            case .absent: true
            default: false
            }
        #expect(isAbsent)
    }

    @Test func aFolderWithALongPathHoldsSocketsToo() throws {
        let deep = String(repeating: "a-long-name-of-a-folder/", count: 8)
        try Folder.make(folder[deep])
        let sockets = try FileDescriptor.folder(folder[deep])
        let socket = try FileDescriptor.bound(to: "a", in: sockets)
        try socket.listen()
        let isConnected =
            switch try FileDescriptor.connection(to: "a", in: sockets) {
            case .connected: true
            default: false
            }
        #expect(isConnected)
    }

    @Test func aDescriptorThatIsNoSocketIsNoInheritedOne() throws {
        try folder.write("file", "")
        let file = try FileDescriptor.open(folder["file"], O_RDONLY)
        let (ofFile, ofNothing) = (
            FileDescriptor.inheritedSocket(file.number) == nil, FileDescriptor.inheritedSocket(9999) == nil
        )
        #expect(ofFile && ofNothing)
    }
}
