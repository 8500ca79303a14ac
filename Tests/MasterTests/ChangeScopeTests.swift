import Administration
import ConfigurationStore
import Testing

@testable import Master

@Suite struct ChangeScopeTests {
    private let scope = ChangeScope(FileInForce(local: "/etc/hostelry/applicationHost.config"))

    private func change(_ files: FileChange...) -> ConfigurationChange {
        ConfigurationChange(files: files, author: .unknown, tool: "test", comment: "")
    }

    @Test func theConfigurationsFilesAreAdministratorsToChange() throws {
        let own = change(
            FileChange("/etc/hostelry/applicationHost.config", expected: .absent, content: [1], isServerFile: true),
            FileChange("/etc/hostelry/administration.config", expected: .absent, content: [1]),
            FileChange("/etc/hostelry/redirection.config", expected: .absent, content: [1]),
            FileChange("/srv/blog/Web.Config", expected: .absent, content: [1]))
        #expect(try scope.admitted(own) == own)
    }

    @Test(arguments: [
        "/etc/cron.d/job", "/etc/hostelry/schema/own.xml", "web.config", "srv/web.config", "/srv/web.config/x",
        "/srv/../etc/web.config", "/etc/hostelry/../hostelry/administration.config", "/srv/blog/web.config.bak", "",
    ])
    func noOtherFileIs(_ path: String) {
        #expect {
            try scope.admitted(change(FileChange(path, expected: .absent, content: [1])))
        } throws: { ($0 as? ControlRefusal)?.code == .denied }
    }

    @Test func aWebConfigIsNotTheServersFile() {
        #expect(throws: ControlRefusal.self) {
            try scope.admitted(
                change(FileChange("/srv/web.config", expected: .absent, content: [], isServerFile: true)))
        }
    }

    @Test func aNewFileGetsNoModeThatLetsItRun() throws {
        let admitted = try scope.admitted(
            change(FileChange("/srv/web.config", expected: .absent, content: [1], creationMode: 0o6755)))
        #expect(admitted.files[0].creationMode == 0o644)
    }
}
