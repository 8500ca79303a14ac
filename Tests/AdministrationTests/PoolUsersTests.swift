import Glibc
import Platform
import TestSupport
import Testing

@testable import Administration

@Suite("Users of pools")
struct PoolUsersTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func user(_ pool: String, _ users: PoolUsers) throws -> UInt32 {
        try users.assignedUser(of: .init(pool: pool))
    }

    @Test func aPoolKeepsItsUser() throws {
        let users = try PoolUsers(stateFolder: folder.path)
        let one = try user("One", users)
        let two = try user("Two", users)
        #expect(one != two)
        let later = try PoolUsers(stateFolder: folder.path)
        #expect(try user("two", later) == two)
        #expect(try user("ONE", later) == one)
        #expect(try folder.status("pool-users").st_mode & 0o777 == 0o600)
    }

    @Test func twoThatGiveUsersAtTheSameTimeNeverGiveTheSame() throws {
        let master = try PoolUsers(stateFolder: folder.path)
        let command = try PoolUsers(stateFolder: folder.path)
        let one = try user("One", master)
        let two = try user("Two", command)
        #expect(one != two)
        #expect(try user("One", command) == one)
        #expect(try user("Two", master) == two)
    }

    @Test func aProspectIsNotGiven() throws {
        let users = try PoolUsers(stateFolder: folder.path)
        let prospect = try users.prospect(for: .init(pool: "One"))
        #expect(users.user(of: .init(pool: "One")) == nil)
        #expect(folder.names == [])
        #expect(try user("One", users) == prospect)
    }

    @Test func whatIsCutOffMeanwhileIsNotGivenToAnother() throws {
        let users = try PoolUsers(stateFolder: folder.path)
        let one = try user("One", users)
        try folder.write("pool-users", "")
        #expect(try user("Two", users) > one)
    }

    @Test func damageIsRefused() throws {
        try folder.write("pool-users", "nonsense\n")
        #expect(throws: PoolUsers.Failure.self) { try PoolUsers(stateFolder: folder.path) }
    }

    @Test func aHomeBelongsToItsOwnerForGood() throws {
        let home = PoolHome(pool: "Shop", account: nil, stateFolder: folder.path)
        let user = CurrentProcess.user
        try home.make(user: user, group: CurrentProcess.group)
        try home.make(user: user, group: CurrentProcess.group)
        #expect(try folder.status("homes/shop").st_mode & 0o777 == 0o700)
        #expect(PoolHome(pool: "Shop", account: "me", stateFolder: folder.path).path == "\(folder.path)/homes/shop@me")
    }

    @Test func aLinkInAHomesPlaceIsNoHome() throws {
        folder.makeFolder("elsewhere")
        folder.makeFolder("homes")
        folder.makeLink("homes/shop", to: folder["elsewhere"])
        let home = PoolHome(pool: "Shop", account: nil, stateFolder: folder.path)
        #expect(throws: FileError.self) { try home.make(user: CurrentProcess.user, group: CurrentProcess.group) }
    }
}
