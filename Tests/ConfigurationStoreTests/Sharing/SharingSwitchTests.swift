import Configuration
import Glibc
import HostModel
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct SharingSwitchTests {
    private let folder: TemporaryFolder
    private let state: String
    private let local: String
    private let share: SharedFolder

    init() throws {
        folder = try TemporaryFolder()
        state = folder["state"]
        local = folder["my.config"]
        share = SharedFolder(folder["share"])
        folder.makeFolder("share")
        try folder.write("my.config", ConfigurationChangeTests.configuration(site: "Local"))
        try folder.write("share/applicationHost.config", ConfigurationChangeTests.configuration(site: "Shared"))
    }

    private var place: SharingSwitch { SharingSwitch(local: local, state: state) }

    /// The account that the tests run as.
    private var me: String { ChangeAuthor.current.name }

    @discardableResult
    private func make(_ plan: SharingSwitch.Plan, _ tool: String) throws -> Int64 {
        try ConfigurationChange(files: plan.files, author: .unknown, tool: tool, comment: "").commit(state: state)
    }

    @Test func goingOverAndBackAreVersionsOfTheHistory() throws {
        let there = try place.enabling(share.path, userName: nil, ring: nil)
        #expect(there.files.map(\.path) == [folder["redirection.config"]])
        #expect(there.left == nil && !there.hasErrors)
        let first = try make(there, "enable")
        #expect(try FileInForce.of(local).shared == share)
        // Nothing is to be done twice.
        #expect(try place.enabling(share.path, userName: nil, ring: nil).files == [])
        let back = try place.disabling(copyingBack: false, ring: nil)
        #expect(back.files.map(\.path) == [folder["redirection.config"]])
        #expect(back.left == share)
        let second = try make(back, "disable")
        #expect(try FileInForce.of(local).shared == nil)
        let history = try #require(try ConfigurationHistory.reading(state: state))
        #expect(try history.versions().map(\.tool) == ["disable", "enable"])
        for number in [first, second] {
            #expect(try history.otherFiles(of: number) == [folder["redirection.config"]])
        }
    }

    @Test func theSharesFilesComeBackBeforeTheRedirectionEnds() throws {
        try folder.write("share/administration.config", "<configuration/>")
        try make(place.enabling(share.path, userName: nil, ring: nil), "enable")
        let plan = try place.disabling(copyingBack: true, ring: nil)
        #expect(plan.files.map(\.path) == [local, folder["administration.config"], folder["redirection.config"]])
        try make(plan, "disable")
        #expect(try folder.text("my.config") == ConfigurationChangeTests.configuration(site: "Shared"))
        #expect(try folder.text("administration.config") == "<configuration/>")
        #expect(try FileInForce.of(local).shared == nil)
    }

    @Test func aFileThatWasSavedMeanwhileKeepsTheOthersAsTheyWere() throws {
        try make(place.enabling(share.path, userName: nil, ring: nil), "enable")
        let plan = try place.disabling(copyingBack: true, ring: nil)
        try folder.write("redirection.config", "<saved/>")
        #expect(throws: ChangeError.changed(path: folder["redirection.config"])) { try make(plan, "disable") }
        #expect(try folder.text("my.config") == ConfigurationChangeTests.configuration(site: "Local"))
    }

    @Test func fromOneFolderToAnotherLeavesTheFirst() throws {
        try make(place.enabling(share.path, userName: nil, ring: nil), "enable")
        folder.makeFolder("other")
        try folder.write("other/applicationHost.config", ConfigurationChangeTests.configuration(site: "Shared"))
        #expect(try place.enabling(folder["other"], userName: nil, ring: nil).left == share)
        #expect(try place.enabling(share.path, userName: me, ring: nil).left == nil)
    }

    private func configuration(password: String) -> String {
        ConfigurationChangeTests.configuration(site: "Shared")
            .replacing(
                "<add name=\"Main\"/>", with: "<add name=\"Main\">\n<processModel password=\"\(password)\"/></add>")
    }

    /// Reference §6.2: every node needs the keys; §6.1: a value of a provider of Windows is an error only where it is used.
    @Test func valuesThatNoKeyOfTheServerOpensAreAnErrorWithTheirLine() throws {
        let (ring, other) = (KeyRing(now: 1), KeyRing(now: 2))
        let sealed = HostelryAesProvider.seal("secret", with: ring)
        try folder.write("share/applicationHost.config", configuration(password: sealed))
        #expect(try !place.enabling(share.path, userName: nil, ring: ring).hasErrors)
        for ring in [nil, other] {
            let plan = try place.enabling(share.path, userName: nil, ring: ring)
            #expect(plan.lost.map(\.attribute.name) == ["password"])
            let problem = try #require(plan.problems.first { $0.severity == .error })
            #expect(problem.file == share.serverFile && problem.line.number == plan.lost[0].line)
            #expect(problem.message.contains("'password'"))
        }
        var both = other
        both.add(ring)
        #expect(try !place.enabling(share.path, userName: nil, ring: both).hasErrors)
        try folder.write(
            "share/applicationHost.config", configuration(password: "[enc:IISWASOnlyAesProvider:AAAA:enc]"))
        let windows = try place.enabling(share.path, userName: nil, ring: ring)
        #expect(!windows.hasErrors && windows.lost.isEmpty)
        #expect(windows.problems.contains { $0.severity == .warning && $0.message.contains("IISWASOnlyAesProvider") })
    }

    @Test func administrationConfigIsCheckedToo() throws {
        try folder.write("share/administration.config", "<configuration><nonsense")
        let plan = try place.enabling(share.path, userName: nil, ring: nil)
        #expect(plan.hasErrors)
        #expect(plan.problems.contains { $0.file == share.administrationFile })
    }

    /// A way back that leads to what is in force needs no key; the local file does.
    @Test func goingBackChecksTheLocalFilesKeys() throws {
        let sealed = HostelryAesProvider.seal("secret", with: KeyRing(now: 1))
        try folder.write("my.config", configuration(password: sealed))
        try make(place.enabling(share.path, userName: nil, ring: nil), "enable")
        #expect(try place.disabling(copyingBack: false, ring: nil).hasErrors)
        #expect(try !place.disabling(copyingBack: true, ring: nil).hasErrors)
    }

    @Test func anAccountThatIsNotHereReadsNothing() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try place.enabling(share.path, userName: "no-such-account", ring: nil)
        }
        #expect(error?.detail.contains("'no-such-account'") == true)
        #expect(folder.names == ["my.config", "share"])
    }

    /// Root reads what another account may not, unless it reads as that account.
    @Test(.enabled(if: CurrentProcess.user == 0, "needs root")) func theFolderIsReadAsTheAccountThatIsNamed() throws {
        #expect(unsafe chmod(folder.path, 0o755) == 0 && chmod(share.path, 0o755) == 0)
        #expect(try place.enabling(share.path, userName: "nobody", ring: nil).files.count == 1)
        #expect(unsafe chmod(share.path, 0o700) == 0)
        #expect(throws: ConfigurationError.self) { try place.enabling(share.path, userName: "nobody", ring: nil) }
        #expect(try place.enabling(share.path, userName: nil, ring: nil).files.count == 1)
    }
}
