import Glibc
import Platform
import TestSupport
import Testing

struct CacheFolderTests {
    let temporary: TemporaryFolder
    let path: String

    init() throws {
        temporary = try TemporaryFolder()
        path = "\(temporary.path)/a/cache"
    }

    private func write(_ folder: CacheFolder, _ name: String, _ text: String) throws {
        let draft = try folder.draft()
        try draft.append(Array(text.utf8))
        try draft.commit(as: name)
    }

    private func text(_ folder: CacheFolder, _ name: String) throws -> String? {
        guard let file = folder.open(name) else { return nil }
        var bytes: [UInt8] = []
        _ = try file.read(100, at: 0, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func opens(_ folder: CacheFolder, _ name: String) -> Bool { folder.open(name) != nil }

    @Test func aFileIsThereWhenItIsWholeAndNotBefore() throws {
        let folder = try CacheFolder(path)
        try write(folder, "one", "first")
        let draft = try folder.draft()
        try draft.append(Array("second".utf8))
        #expect(try text(folder, "one") == "first" && folder.entries().map(\.name) == ["one"])
        try draft.commit(as: "one")
        #expect(try text(folder, "one") == "second" && folder.entries().map(\.size) == [6])
        #expect(temporary.names(in: "a/cache") == ["one"])
    }

    @Test func aDraftThatIsGivenUpLeavesNothing() throws {
        let folder = try CacheFolder(path)
        do {
            let draft = try folder.draft()
            try draft.append([1])
            #expect(temporary.names(in: "a/cache").count == 1)
        }
        #expect(temporary.names(in: "a/cache").isEmpty)
    }

    @Test func draftsOfADeadProcessAreRemovedAfterAnHour() throws {
        let folder = try CacheFolder(path)
        for name in [".draft-1-1", ".draft-1-2"] { try temporary.write("a/cache/\(name)", "x") }
        let times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
        try #require(unsafe utimensat(AT_FDCWD, "\(path)/.draft-1-1", times, 0) == 0)
        #expect(try folder.entries().isEmpty)
        #expect(temporary.names(in: "a/cache") == [".draft-1-2"])
    }

    @Test func theFolderIsItsUsersAlone() throws {
        _ = try CacheFolder(path)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        try #require(unsafe chmod(path, 0o777) == 0)
        _ = try CacheFolder(path)
        #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test(.enabled(if: CurrentProcess.user == 0)) func anotherUsersFolderIsNotTaken() throws {
        _ = try CacheFolder(path)
        try #require(unsafe chown(path, 65_534, 65_534) == 0)
        #expect(throws: FileError(path, .foreign(owner: 65_534))) { try CacheFolder(path) }
    }

    @Test(.enabled(if: CurrentProcess.user == 0)) func linksAndFilesOfOtherUsersAreNotOpened() throws {
        let folder = try CacheFolder(path)
        try write(folder, "planted", "x")
        try #require(unsafe chown("\(path)/planted", 65_534, 65_534) == 0)
        #expect(!opens(folder, "planted"))
        let other = "\(temporary.path)/other"
        try #require(unsafe mkdir(other, 0o755) == 0)
        try #require(unsafe symlink(other, "\(temporary.path)/link") == 0)
        try #require(unsafe lchown("\(temporary.path)/link", 65_534, 65_534) == 0)
        #expect(throws: FileError.self) { try CacheFolder("\(temporary.path)/link/cache") }
    }

    @Test func onlyRegularFilesAreOpened() throws {
        let folder = try CacheFolder(path)
        try temporary.write("target", "x")
        try #require(unsafe symlink("\(temporary.path)/target", "\(path)/link") == 0)
        try #require(unsafe mkfifo("\(path)/pipe", 0o600) == 0 && mkdir("\(path)/folder", 0o700) == 0)
        for name in ["link", "pipe", "folder", "missing", "../../target"] {
            #expect(!opens(folder, name), "\(name)")
        }
        #expect(throws: FileError.self) { try CacheFolder("relative") }
    }
}
