import ConfigurationStore
import Crypto
import Glibc
import Platform
import TestSupport
import Testing

struct KeyRingTests {
    @Test func aRingIsReadAsItWasWritten() throws {
        var ring = KeyRing(now: 5)
        ring.renew(now: 7)
        let read = try #require(KeyRing(bytes: ring.bytes))
        #expect(read.entries.map(\.name) == ring.entries.map(\.name))
        #expect(read.entries.map(\.created) == [5, 7])
        #expect(read.current.bytes == ring.current.bytes)
        #expect(read.bytes == ring.bytes)
    }

    @Test func nothingElseIsARing() throws {
        let text = String(decoding: KeyRing(now: 5).bytes, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        // The first letter of the key in base64 stands behind two fields.
        let other = lines[1].hasSuffix("A=") ? "B=" : "A="
        for wrong in [
            "", "hostelry keys 1\n", "hostelry keys 2\n\(lines[1])\n", text + lines[1] + "\n", lines[1],
            "\(lines[0])\n\(lines[1].dropLast(4))\(other)\n", "\(lines[0])\nkey 0000000000000000 5 AAAA\n",
        ] {
            #expect(KeyRing(bytes: Array(wrong.utf8)) == nil, "\(wrong.count) bytes")
        }
    }

    @Test func theNewestKeySealsAndOldOnesStay() {
        var ring = KeyRing(now: 1)
        let old = ring.current
        ring.renew(now: 2)
        #expect(ring.current.id != old.id)
        #expect(ring.key(old.id) != nil)
        #expect(ring.forget { _ in true } == 0)
        #expect(ring.forget { _ in false } == 1)
        #expect(ring.key(old.id) == nil)
        #expect(ring.entries.count == 1)
    }

    @Test func keysOfAnotherRingComeInOnce() {
        var ring = KeyRing(now: 1)
        let own = ring.current
        let other = KeyRing(now: 2)
        #expect(ring.add(other) == 1)
        #expect(ring.add(other) == 0)
        #expect(ring.current.id == own.id, "one's own goes on sealing")
        #expect(ring.adopt(other) == 0)
        #expect(ring.current.id == other.current.id)
        #expect(ring.entries.count == 2)
    }

    @Test func theFileIsMadeAtFirstNeedForItsUserAlone() throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(state: folder["state"])
        #expect(try file.read() == nil)
        let made = try file.readOrMake()
        #expect(try file.read()?.bytes == made.bytes)
        #expect(try file.readOrMake().bytes == made.bytes)
        #expect(file.path == folder["state/keys"])
        #expect(try folder.status("state/keys").st_mode & 0o777 == 0o600)
        let renewed = try file.edit { $0.renew(now: 9) }
        #expect(renewed.entries.map(\.name).first == made.entries.first?.name)
        #expect(try file.read()?.bytes == renewed.bytes)
        #expect(folder.names(in: "state") == ["keys"])
        #expect(try folder.status("state/keys").st_mode & 0o777 == 0o600)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func whatRootMakesForAnotherUsersServerIsThatUsers() throws {
        let folder = try TemporaryFolder()
        folder.makeFolder("state")
        #expect(unsafe chown(folder["state"], 4321, 4322) == 0)
        _ = try KeyFile(state: folder["state"]).readOrMake()
        let status = try folder.status("state/keys")
        #expect(status.st_uid == 4321 && status.st_gid == 4322 && status.st_mode & 0o777 == 0o600)
    }

    @Test func aFileThatHoldsNoKeysIsAnErrorAndStays() throws {
        let folder = try TemporaryFolder()
        folder.makeFolder("state")
        try folder.write("state/keys", "rubbish")
        let file = KeyFile(state: folder["state"])
        #expect(throws: KeyFileError.self) { try file.read() }
        #expect(throws: KeyFileError.self) { try file.readOrMake() }
        #expect(throws: KeyFileError.self) { try file.edit { $0.renew(now: 1) } }
        #expect(try folder.text("state/keys") == "rubbish")
    }
}
