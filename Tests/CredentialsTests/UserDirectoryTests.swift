import Credentials
import Testing

struct UserDirectoryTests {
    private static let users = Array(
        """
        # Staff
        Alice:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=:a comment

        böb:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=
        alice:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=
        clear:secret pass
        :x
        nothing
        """.utf8)

    private func accepts(_ directory: UserDirectory, _ name: String, _ password: String = "secret pass") -> Bool {
        directory.accepts(name: name, password: Array(password.utf8))
    }

    @Test
    func namesAreFoundWithoutTheCaseOfLettersAndTheFirstLineHolds() {
        let directory = UserDirectory(users: Self.users)
        #expect(accepts(directory, "alice") && accepts(directory, "ALICE") && accepts(directory, "böb"))
        #expect(!accepts(directory, "alice", "") && !accepts(directory, "clear") && !accepts(directory, "nobody"))
        #expect(!accepts(directory, "") && !accepts(directory, "nothing") && !accepts(directory, "# Staff"))
    }

    @Test
    func linesThatHoldForNobodyAreToldWithoutTheirHashes() {
        let directory = UserDirectory(users: Self.users)
        #expect(
            directory.problems == [
                "users file, line 5: a name that is there already",
                "users file, line 6: a kind of hash that is not known",
                "users file, line 7: no name before a colon", "users file, line 8: no name before a colon",
            ])
    }

    @Test
    func groupsAreApachesAndLinesMayEndAsOnWindows() {
        let directory = UserDirectory(
            users: Array("alice:{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=\r\n".utf8),
            groups: Array("Writers: alice bob\r\n# none\r\nAdmins:ALICE\r\nEmpty:\r\n".utf8))
        #expect(accepts(directory, "alice"))
        #expect(directory.groups(of: "Alice") == ["Writers", "Admins"])
        #expect(directory.groups(of: "bob") == ["Writers"] && directory.groups(of: "carol") == [])
        #expect(directory.problems == [])
    }

    @Test
    func bytesThatAreNoTextAndManyBadLinesDoNoHarm() {
        let directory = UserDirectory(
            users: [0xff, 0x3a, 0xfe, 0x0a] + Array(String(repeating: "x\n", count: 1000).utf8))
        #expect(directory.isEmpty && directory.problems.count == 20)
        #expect(!accepts(UserDirectory(users: []), "anybody"))
    }
}
