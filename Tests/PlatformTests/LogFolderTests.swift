import Glibc
import Platform
import TestSupport
import Testing

struct LogFolderTests {
    func failure(_ body: () throws(FileError) -> Void) -> FileError? {
        do throws(FileError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func aFileIsMadeWithItsFoldersAndAppendedTo() throws {
        let temporary = try TemporaryFolder()
        let directory = "\(temporary.path)/a/logs"
        for expected in [0, 3] as [Int64] {
            let folder = try LogFolder.open(directory, "W3SVC1")
            let file = try folder.open("u_ex261121.log")
            #expect(file.length == expected)
            let result = file.descriptor.writeLog([97, 98, 10])
            #expect(result.count == 3 && result.error == nil && !result.isUnlinked)
        }
        var status = stat()
        #expect(unsafe stat("\(directory)/W3SVC1/u_ex261121.log", &status) == 0)
        #expect(status.st_size == 6 && status.st_mode & 0o777 & ~0o640 == 0)
    }

    @Test func aPlantedLinkIsNotFollowed() throws {
        let temporary = try TemporaryFolder()
        let target = "\(temporary.path)/target"
        try #require(unsafe mkdir(target, 0o755) == 0)
        try #require(unsafe symlink(target, "\(temporary.path)/W3SVC1") == 0)
        #expect(failure { () throws(FileError) in _ = try LogFolder.open(temporary.path, "W3SVC1") } != nil)
        let folder = try LogFolder.open(temporary.path, "W3SVC2")
        try #require(unsafe symlink("\(target)/file", "\(temporary.path)/W3SVC2/symbolic.log") == 0)
        #expect(failure { () throws(FileError) in _ = try folder.open("symbolic.log") } != nil)
        #expect(unsafe access("\(target)/file", F_OK) != 0)
        _ = try FileDescriptor.open("\(target)/victim", O_CREAT | O_WRONLY)
        try #require(unsafe link("\(target)/victim", "\(temporary.path)/W3SVC2/hard.log") == 0)
        #expect(failure { () throws(FileError) in _ = try folder.open("hard.log") } != nil)
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        let temporary = try TemporaryFolder()
        let folder = try LogFolder.open(temporary.path, "W3SVC1")
        try #require(unsafe mkfifo("\(temporary.path)/W3SVC1/pipe.log", 0o600) == 0)
        try #require(unsafe mkdir("\(temporary.path)/W3SVC1/folder.log", 0o700) == 0)
        // A reader lets the FIFO be opened for writing.
        let reader = try FileDescriptor.open("\(temporary.path)/W3SVC1/pipe.log", O_RDONLY | O_NONBLOCK)
        for name in ["pipe.log", "folder.log", "../outside.log"] {
            #expect(failure { () throws(FileError) in _ = try folder.open(name) } != nil, "\(name)")
        }
        #expect(unsafe access("\(temporary.path)/outside.log", F_OK) != 0)
        _ = consume reader
    }

    @Test func aDirectoryThatIsAFileIsAnError() throws {
        let temporary = try TemporaryFolder()
        _ = try FileDescriptor.open("\(temporary.path)/file", O_CREAT | O_WRONLY)
        #expect(failure { () throws(FileError) in _ = try LogFolder.open("\(temporary.path)/file", "W3SVC1") } != nil)
    }

    @Test func theLastNumberIsFoundAmongOtherFiles() throws {
        let temporary = try TemporaryFolder()
        let folder = try LogFolder.open(temporary.path, "HTTPERR")
        #expect(try folder.lastNumber(prefix: "httperr") == 0)
        for name in ["httperr2.log", "httperr10.log", "httperr99.txt", "httperrx.log", "httperr.log", "u_extend77.log"]
        {
            _ = try folder.open(name)
        }
        #expect(try folder.lastNumber(prefix: "httperr") == 10)
        #expect(try folder.lastNumber(prefix: "u_extend") == 77)
    }

    @Test func aFileThatNobodyFindsAnyMoreIsNoticed() throws {
        let temporary = try TemporaryFolder()
        let folder = try LogFolder.open(temporary.path, "W3SVC1")
        let file = try folder.open("x.log")
        try #require(unsafe unlink("\(temporary.path)/W3SVC1/x.log") == 0)
        #expect(file.descriptor.writeLog([10]).isUnlinked)
    }

    @Test func aFullDiskIsTold() throws {
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        let result = full.writeLog([97, 10])
        #expect(result.count == 0 && result.error?.code == ENOSPC)
    }
}
