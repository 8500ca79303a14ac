import Glibc
import Platform
import Testing

/// A new process that becomes a user whose other processes mean it ill.
@Suite(.enabled(if: geteuid() == 0, "only root starts processes of other users")) struct HostileNeighbourTests {
    /// A user that nothing else on the machine runs as.
    private static let identity = ProcessSpecification.Identity(user: 2_099_999_901, group: 2_099_999_901)

    private func start(_ script: String) throws -> ChildProcess {
        var what = ProcessSpecification(executable: "/bin/sh", arguments: ["sh", "-c", script])
        what.identity = Self.identity
        return try ChildProcess.start(what)
    }

    /// Whoever stops every process of its user also stops one that has not executed its program yet.
    @Test(.timeLimit(.minutes(5))) func aChildThatIsStoppedBeforeItsProgramRunsKeepsNobodyWaiting() throws {
        let attacker = try start("while :; do kill -STOP -1; done")
        defer {
            attacker.signal(SIGKILL)
            _ = try? attacker.waitForExit(timeout: 10_000)
        }
        for _ in 0..<200 {
            do throws(SystemError) {
                let child = try ChildProcess.start(specification)
                child.signal(SIGKILL)
                _ = try child.waitForExit(timeout: 10_000)
            } catch {
                #expect(error.code == ECANCELED, "\(error)")
            }
        }
    }

    private var specification: ProcessSpecification {
        var what = ProcessSpecification(executable: "/bin/true", arguments: ["true"])
        what.identity = Self.identity
        return what
    }
}
