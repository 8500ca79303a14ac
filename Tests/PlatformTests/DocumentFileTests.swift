import CPlatform
import Glibc
import Platform
import TestSupport
import Testing

@Suite struct DocumentFileTests {
    let folder: TemporaryFolder
    let document: DocumentFile

    init() throws {
        folder = try TemporaryFolder()
        document = DocumentFile(folder["web.config"])
    }

    private func kind(_ body: () throws -> Void) -> FileError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? FileError)?.kind
        }
    }

    private func commit(_ text: String, replacing expected: String?) throws {
        try document.commit(Array(text.utf8), replacing: expected.map { Array($0.utf8) })
    }

    @Test func aCommitReplacesTheContentAndLeavesNothingBeside() throws {
        try folder.write("web.config", "old")
        let contents = try document.commit(Array("new".utf8), replacing: Array("old".utf8))
        #expect(try folder.text("web.config") == "new")
        #expect(contents == (try document.read()))
        #expect(folder.names == ["web.config"])
    }

    @Test func anAbsentFileReadsAsNilAndIsCreatedWhereNilIsExpected() throws {
        #expect(try document.read() == nil)
        try commit("new", replacing: nil)
        #expect(try folder.text("web.config") == "new")
        #expect(folder.names == ["web.config"])
    }

    @Test func aCommitOverOtherContentThanExpectedIsRefused() throws {
        try folder.write("web.config", "theirs")
        #expect(kind { try commit("mine", replacing: "old") } == .changed)
        #expect(kind { try commit("mine", replacing: nil) } == .changed)
        #expect(try folder.text("web.config") == "theirs")
        folder.remove("web.config")
        #expect(kind { try commit("mine", replacing: "old") } == .changed)
        #expect(folder.names.isEmpty)
    }

    @Test func committingWhatIsThereWritesNothing() throws {
        try folder.write("web.config", "same")
        let before = try FileStamp.of(folder["web.config"])
        try commit("same", replacing: "same")
        #expect(try FileStamp.of(folder["web.config"]) == before)
    }

    @Test func aSymbolicLinkStaysOneAndItsTargetIsReplaced() throws {
        folder.makeFolder("real")
        try folder.write("real/shared.config", "old")
        folder.makeLink("second", to: "real/shared.config")
        folder.makeLink("web.config", to: folder["second"])
        try commit("new", replacing: "old")
        #expect(try folder.text("real/shared.config") == "new")
        #expect(folder.isLink("web.config"))
        #expect(folder.names == ["real", "second", "web.config"])
    }

    @Test func aLinkThatLeadsNowhereIsFollowedWhenTheFileIsCreated() throws {
        folder.makeFolder("real")
        folder.makeLink("web.config", to: "real/shared.config")
        try commit("new", replacing: nil)
        #expect(try folder.text("real/shared.config") == "new")
        #expect(folder.isLink("web.config"))
    }

    @Test func modeAttributesAndAccessListAreKept() throws {
        try folder.write("web.config", "old")
        let before = try FileDescriptor.open(folder["web.config"], O_RDONLY)
        #expect(unsafe hostelry_set_attribute(before.number, "user.note", "keep", 4) == 0)
        // Version 2, then tag, permissions, id: owner rw, user 4321 rw, group r, mask rw, others none.
        let list: [UInt8] =
            [2, 0, 0, 0] + [1, 0, 6, 0, 255, 255, 255, 255] + [2, 0, 6, 0, 0xE1, 0x10, 0, 0]
            + [4, 0, 4, 0, 255, 255, 255, 255] + [16, 0, 6, 0, 255, 255, 255, 255] + [32, 0, 0, 0, 255, 255, 255, 255]
        #expect(unsafe hostelry_set_attribute(before.number, "system.posix_acl_access", list, list.count) == 0)
        let mode = try folder.status("web.config").st_mode
        #expect(mode & 0o777 == 0o660)

        try commit("new", replacing: "old")

        #expect(try folder.status("web.config").st_mode == mode)
        let after = try FileDescriptor.open(folder["web.config"], O_RDONLY)
        var value = [UInt8](repeating: 0, count: 100)
        #expect(unsafe hostelry_attribute(after.number, "system.posix_acl_access", &value, 100) == list.count)
        #expect(Array(value.prefix(list.count)) == list)
        #expect(unsafe hostelry_attribute(after.number, "user.note", &value, 100) == 4)
        #expect(Array(value.prefix(4)) == Array("keep".utf8))
    }

    @Test func aFoldersDefaultListIsNotForcedOnAFileThatHadNone() throws {
        try folder.write("web.config", "old")
        let directory = try FileDescriptor.open(folder.path, O_RDONLY)
        let list: [UInt8] =
            [2, 0, 0, 0] + [1, 0, 7, 0, 255, 255, 255, 255] + [2, 0, 7, 0, 0xE1, 0x10, 0, 0]
            + [4, 0, 7, 0, 255, 255, 255, 255] + [16, 0, 7, 0, 255, 255, 255, 255] + [32, 0, 7, 0, 255, 255, 255, 255]
        #expect(unsafe hostelry_set_attribute(directory.number, "system.posix_acl_default", list, list.count) == 0)
        try commit("new", replacing: "old")
        let after = try FileDescriptor.open(folder["web.config"], O_RDONLY)
        #expect(unsafe hostelry_attribute(after.number, "system.posix_acl_access", nil, 0) == -1)
        #expect(try folder.status("web.config").st_mode & 0o777 == 0o644)
    }

    @Test(.enabled(if: geteuid() == 0, "changing owners takes root"))
    func theOwnerIsKept() throws {
        try folder.write("web.config", "old")
        #expect(unsafe chown(folder["web.config"], 4321, 8765) == 0)
        try commit("new", replacing: "old")
        let status = try folder.status("web.config")
        #expect(status.st_uid == 4321)
        #expect(status.st_gid == 8765)
    }

    @Test(.startsForeignChildren, .enabled(if: geteuid() == 0, "changing owners takes root"))
    func aUserWhoCannotKeepTheOwnerIsRefusedAndTheFileStays() async throws {
        try folder.write("web.config", "old")
        #expect(unsafe chown(folder.path, 4321, 4321) == 0)
        await #expect(processExitsWith: .success) { [path = folder["web.config"] as String] in
            try #require(setgid(4321) == 0 && setuid(4321) == 0)
            let error = #expect(throws: FileError.self) {
                try DocumentFile(path).commit(Array("new".utf8), replacing: Array("old".utf8))
            }
            #expect(error?.kind == .identityLost)
        }
        #expect(try folder.text("web.config") == "old")
        #expect(folder.names == ["web.config"])
    }

    @Test(.startsForeignChildren) func aFailedWriteLeavesTheOldFileAndNothingBeside() async throws {
        try folder.write("web.config", "old")
        await #expect(processExitsWith: .success) { [path = folder["web.config"] as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let error = #expect(throws: FileError.self) {
                try DocumentFile(path).commit([UInt8](repeating: 32, count: 10_000), replacing: Array("old".utf8))
            }
            #expect(error?.cause?.code == EFBIG)
        }
        #expect(try folder.text("web.config") == "old")
        #expect(folder.names == ["web.config"])
    }

    @Test func anEditThatThrowsLeavesEverythingAsItWas() throws {
        struct Refusal: Error {}
        try folder.write("web.config", "old")
        #expect(throws: Refusal.self) { try document.edit { _ in throw Refusal() } }
        #expect(try folder.text("web.config") == "old")
        #expect(folder.names == ["web.config"])
    }

    @Test func aWriterWaitsForTheLockNoLongerThanItsPatience() throws {
        try folder.write("web.config", "old")
        let impatient = DocumentFile(folder["web.config"], patience: .milliseconds(1))
        try document.edit { _ in
            #expect(kind { try impatient.commit([], replacing: Array("old".utf8)) } == .locked)
            return Array("new".utf8)
        }
        #expect(try folder.text("web.config") == "new")
        #expect(folder.names == ["web.config"])
    }

    @Test func aLockFilePlantedAsALinkIsNotFollowed() throws {
        try folder.write("web.config", "old")
        folder.makeLink(".web.config.lock", to: "/etc/passwd")
        #expect(kind { try commit("new", replacing: "old") } == .system)
        #expect(try folder.text("web.config") == "old")
    }

    @Test func aFileOfAnotherKindInTheDocumentsPlaceIsNeverReplaced() throws {
        folder.makeFolder("web.config")
        #expect(kind { try commit("new", replacing: nil) } == .changed)
        #expect(kind { _ = try document.read() } == .notRegular)
        #expect(folder.names == ["web.config"])
    }
}
