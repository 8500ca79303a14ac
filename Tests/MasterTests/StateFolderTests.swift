import Glibc
import Master
import Platform
import TestSupport
import Testing

@Suite struct StateFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ path: String) -> StateFolder.Refusal? {
        do throws(StateFolder.Refusal) {
            _ = try StateFolder.open(path)
            return nil
        } catch {
            return error
        }
    }

    @Test func theFolderIsMadeForItsOwnerAlone() throws {
        let state = try StateFolder.open(folder["a/b/state"])
        #expect(try folder.status("a/b/state").st_mode & 0o777 == 0o711)
        #expect(try folder.text("a/b/state/master.pid") == "\(getpid())\n")
        #expect(state.path == folder["a/b/state"])
    }

    @Test func aFolderThatIsTakenNamesItsMaster() throws {
        let path = folder["state"]
        let state = try StateFolder.open(path)
        #expect(refusal(path) == .taken(path: path, pid: getpid()))
        #expect(refusal(path)?.description == "a master runs on the state folder \(path) already: process \(getpid())")
        withExtendedLifetime(state) {}
    }

    @Test func aFolderIsFreeWhenItsMasterIsGone() throws {
        do { _ = try StateFolder.open(folder["state"]) }
        #expect(refusal(folder["state"]) == nil)
    }

    @Test func aFolderThatOthersMayWriteIsRefused() throws {
        folder.makeFolder("state")
        #expect(unsafe chmod(folder["state"], 0o777) == 0)
        #expect(refusal(folder["state"]) == .unusable(FileError(folder["state"], .writableByOthers)))
    }

    @Test(.enabled(if: geteuid() == 0, "changing owners takes root"))
    func aFolderOfAnotherUserIsRefused() throws {
        folder.makeFolder("state")
        #expect(unsafe chown(folder["state"], 4321, 4321) == 0)
        #expect(refusal(folder["state"]) == .unusable(FileError(folder["state"], .foreign(owner: 4321))))
    }

    @Test func aFileInItsPlaceIsRefused() throws {
        try folder.write("state", "")
        guard case .unusable(let error) = refusal(folder["state"]) else { return #expect(Bool(false)) as Void }
        #expect(error.cause?.code == ENOTDIR)
    }
}
