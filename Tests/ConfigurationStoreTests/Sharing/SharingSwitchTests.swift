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

    @discardableResult
    private func make(_ plan: SharingSwitch.Plan, _ tool: String) throws -> Int64 {
        try ConfigurationChange(files: plan.files, author: .unknown, tool: tool, comment: "").commit(state: state)
    }

    @Test func goingOverAndBackAreVersionsOfTheHistory() throws {
        let there = try place.enabling(share, userName: nil)
        #expect(there.files.map(\.path) == [folder["redirection.config"]])
        #expect(there.left == nil && !there.hasErrors)
        let first = try make(there, "enable")
        #expect(try FileInForce.of(local).shared == share)
        // Nothing is to be done twice.
        #expect(try place.enabling(share, userName: nil).files == [])
        let back = try place.disabling(copyingBack: false)
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
        try make(place.enabling(share, userName: nil), "enable")
        let plan = try place.disabling(copyingBack: true)
        #expect(plan.files.map(\.path) == [local, folder["administration.config"], folder["redirection.config"]])
        try make(plan, "disable")
        #expect(try folder.text("my.config") == ConfigurationChangeTests.configuration(site: "Shared"))
        #expect(try folder.text("administration.config") == "<configuration/>")
        #expect(try FileInForce.of(local).shared == nil)
    }

    @Test func aFileThatWasSavedMeanwhileKeepsTheOthersAsTheyWere() throws {
        try make(place.enabling(share, userName: nil), "enable")
        let plan = try place.disabling(copyingBack: true)
        try folder.write("redirection.config", "<saved/>")
        #expect(throws: ChangeError.changed(path: folder["redirection.config"])) { try make(plan, "disable") }
        #expect(try folder.text("my.config") == ConfigurationChangeTests.configuration(site: "Local"))
    }

    @Test func fromOneFolderToAnotherLeavesTheFirst() throws {
        try make(place.enabling(share, userName: nil), "enable")
        folder.makeFolder("other")
        try folder.write("other/applicationHost.config", ConfigurationChangeTests.configuration(site: "Shared"))
        #expect(try place.enabling(SharedFolder(folder["other"]), userName: nil).left == share)
        #expect(try place.enabling(share, userName: "somebody").left == nil)
    }
}
