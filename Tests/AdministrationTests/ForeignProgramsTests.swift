import Administration
import Glibc
import Platform
import TestSupport
import Testing

/// What root would run of a folder that others have a hand in.
@Suite(.enabled(if: CurrentProcess.user == 0, "only root can give files away")) struct ForeignProgramsTests {
    private let folder = try! TemporaryFolder()  // Without a folder there is nothing to test.

    private func trace(_ name: String = "app") -> String? { ForeignPrograms.trace(in: folder[name])?.text }

    init() throws {
        folder.makeFolder("app")
        try folder.write("app/Shop.dll", "")
    }

    @Test func whatIsRootsAloneIsNotForeign() {
        folder.makeFolder("app/logs")
        unsafe chown(folder["app/logs"], 65534, 65534)
        #expect(trace() == nil)
    }

    @Test func whatBelongsToAnotherUserIsNamedWithIt() {
        unsafe chown(folder["app/Shop.dll"], 65534, 65534)
        #expect(trace() == "\(folder["app/Shop.dll"]) belongs to the user nobody")
        unsafe chown(folder["app"], 65534, 65534)
        #expect(trace() == "\(folder["app"]) belongs to the user nobody")
        #expect(ForeignPrograms.trace(in: folder["app"])?.owner == 65534)
    }

    @Test func whatOthersMayWriteIsNamed() {
        for mode: mode_t in [0o602, 0o666] {
            unsafe chmod(folder["app/Shop.dll"], mode)
            #expect(trace() == "\(folder["app/Shop.dll"]) may be written by others")
        }
        unsafe chmod(folder["app/Shop.dll"], 0o660)
        #expect(trace() == nil)
        unsafe chown(folder["app/Shop.dll"], 0, 65534)
        #expect(trace() == "\(folder["app/Shop.dll"]) may be written by others")
        unsafe chmod(folder["app"], 0o777)
        #expect(trace() == "\(folder["app"]) may be written by others")
    }

    @Test func foldersAboveCountUnlessNobodyMayReplaceWhatIsInThem() {
        unsafe chmod(folder.path, 0o1777)
        #expect(trace() == nil)
        unsafe chmod(folder.path, 0o777)
        #expect(trace() == "\(folder.path) may be written by others")
    }

    @Test func anotherUsersLinkLeadsNowhere() {
        folder.makeLink("link", to: "app")
        #expect(trace("link") == nil)
        // What root's link leads to counts with the folders above it.
        folder.makeFolder("home")
        folder.rename("app", to: "home/app")
        folder.remove("link")
        folder.makeLink("link", to: "home/app")
        #expect(trace("link") == nil)
        unsafe chown(folder["home"], 65534, 65534)
        #expect(trace("link") == "\(folder["home"]) belongs to the user nobody")
        // And those in whose place another user may put something else.
        folder.makeFolder("kept")
        folder.rename("home/app", to: "kept/app")
        folder.makeLink("home/link", to: "../kept/app")
        #expect(trace("home/link") == "\(folder["home"]) belongs to the user nobody")
        folder.remove("home/link")
        folder.rename("kept/app", to: "home/app")
        unsafe chown(folder["home"], 0, 0)
        unsafe lchown(folder["link"], 65534, 65534)
        #expect(trace("link")?.contains("another user's link") == true)
        // One in the folder is followed to what would be run.
        folder.makeLink("home/app/nothing", to: "/nowhere")
        #expect(trace("home/app") == nil)
    }
}
