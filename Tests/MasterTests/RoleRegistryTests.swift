import Glibc
import Platform
import TestSupport
import Testing

@testable import Master

@Suite struct RoleRegistryTests {
    let folder: TemporaryFolder
    let registry: RoleRegistry

    init() throws {
        folder = try TemporaryFolder()
        registry = try RoleRegistry(stateFolder: folder.path)
    }

    private static let own = RegisteredRole.Process(
        identity: RunningProcess.Identity.of(getpid())!,  // This process runs.
        user: geteuid())

    @Test(arguments: [
        RegisteredRole(.router(1)),
        RegisteredRole(.router(.max), process: own),
        RegisteredRole(.worker(7, pool: 3, name: "Shop", settings: .max), machineRun: ""),
        RegisteredRole(
            .worker(
                .max, pool: .max, name: " two words\nand a line\n", settings: 0),
            process: .init(identity: .init(pid: .max, startTime: .max), user: .max)),
    ])
    func anEntrySaysWhatWasWritten(_ role: RegisteredRole) {
        #expect(RegisteredRole(role.text) == role)
    }

    @Test(arguments: [
        "", "\n\n\n", "process 1 2 3\nrun x\nrouter\n", "process 1 2\nrun x\nrouter 1\n", "process 1 2 3\nrouter 1\n",
        "process 1 2 3\nrun x\nworker 1 2 name\n", "process 1 2 3\nrun x\nworker 1 2 3\n",
        "process 1 2 3\nrun x\nrouter 1",
    ])
    func whatNoMasterWroteIsNoEntry(_ text: String) {
        #expect(RegisteredRole(text) == nil)
    }

    @Test func theFirstLineHasOneLengthWhateverItSays() {
        let largest = RegisteredRole.Process(identity: .init(pid: .max, startTime: .max), user: .max)
        #expect(RegisteredRole.line(nil).utf8.count == RegisteredRole.line(largest).utf8.count)
    }

    @Test func aStartedRoleIsFoundByTheNextMaster() throws {
        let token = try registry.admit(.worker(7, pool: 3, name: "Größe", settings: 9)).token
        try registry.started(token, pid: getpid())
        let found = try RoleRegistry(stateFolder: folder.path).roles()
        #expect(found.map(\.token) == [token])
        #expect(found.first?.role.kind == .worker(7, pool: 3, name: "Größe", settings: 9))
        #expect(found.first?.role.process == Self.own)
    }

    @Test func whatWasNeverStartedOrRanBeforeTheMachineDidLeavesNothing() throws {
        _ = try registry.admit(.router(1)).token
        let old = RegisteredRole(.router(2), machineRun: "another", process: Self.own)
        try folder.write("roles/0123456789abcdef", old.text)
        try folder.write("roles/7-8", "")
        try folder.write("run/stray", "")
        #expect(try registry.roles().isEmpty)
        #expect(folder.names(in: "roles").isEmpty)
        #expect(folder.names(in: "run").isEmpty)
    }

    @Test func anEndedRoleLeavesNothing() throws {
        let token = try registry.admit(.router(1)).token
        #expect(folder.names(in: "run") == [token])
        try registry.started(token, pid: getpid())
        try registry.remove(token)
        #expect(folder.names(in: "roles").isEmpty && folder.names(in: "run").isEmpty)
    }

    @Test(arguments: ["12 3 ", "12 3 4", "12 3 4,5,6"]) func aSuccessionSaysWhatWasLeft(_ text: String) {
        #expect(Succession(text)?.text == text)
    }

    @Test(arguments: ["", "12", "12 3", "12 x 4", "12 3 4,x", "12 3 4 5"])
    func whatIsNoSuccessionIsNone(_ text: String) {
        #expect(Succession(text) == nil)
    }
}
