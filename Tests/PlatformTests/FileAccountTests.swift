import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite struct FileAccountTests {
    /// Whether a file can be read; on a thread of its own, as in the server.
    private func canRead(_ path: String, as name: String) throws -> Bool? {
        try BoundedCall.run(limit: .seconds(30)) { () -> Bool? in
            guard let account = try? Account.named(name) else { return nil }
            let inside = try? FileAccount.perform(as: account) {
                // The way back from one within this one leads here.
                if let root = try? Account.of(user: 0) { _ = try? FileAccount.perform(as: root) {} }
                return (try? FileReader().read(path)) != nil
            }
            // The thread is the process's again.
            guard (try? FileReader().read(path)) != nil else { return nil }
            return inside
        } ?? nil
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func rootReachesAsAnotherAccountWhatThatOneReaches() throws {
        let folder = try TemporaryFolder()
        #expect(unsafe chmod(folder.path, 0o755) == 0)
        try folder.write("file", "content")
        #expect(unsafe chmod(folder["file"], 0o640) == 0)
        #expect(try canRead(folder["file"], as: "nobody") == false)
        let nobody = try #require(try Account.named("nobody"))
        #expect(unsafe chown(folder["file"], 0, nobody.group) == 0)
        #expect(try canRead(folder["file"], as: "nobody") == true)
        #expect(unsafe chown(folder["file"], nobody.user, 0) == 0)
        #expect(try canRead(folder["file"], as: "nobody") == true)
    }

    @Test func whoeverIsThatAccountAlreadyNeedsNoRight() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "content")
        let own = try #require(try Account.of(user: geteuid()))
        #expect(try canRead(folder["file"], as: own.name) == true)
    }

    @Test(.enabled(if: geteuid() != 0, "needs an ordinary user")) func anOrdinaryUserReachesAsNobodyElse() throws {
        let root = try #require(try Account.of(user: 0))
        #expect(throws: SystemError("setfsuid", root.name, code: EPERM)) { try FileAccount.perform(as: root) {} }
    }
}
