import Configuration
import Glibc
import HostModel
import Platform
import TestSupport
import Testing

@testable import ConfigurationStore

/// A site's content into an export and out of it; without keys, which need no password.
struct ContentTransferTests {
    let folder: TemporaryFolder
    private let ring = KeyRing(now: 1)

    init() throws {
        folder = try TemporaryFolder()
        folder.makeFolder("there")
        folder.makeFolder("here")
        try folder.write("here/applicationHost.config", Self.configuration(sites: ""))
        for name in ["there/shop", "there/shop/sub"] { folder.makeFolder(name) }
        try folder.write("there/shop/index.html", "page")
        try folder.write("there/shop/sub/a b.txt", "text")
        folder.makeLink("there/shop/latest", to: "sub")
        unsafe chmod(folder["there/shop/index.html"], 0o640)
    }

    private static func configuration(sites: String) -> String {
        """
        <configuration><system.applicationHost><applicationPools><add name="P"/></applicationPools><sites>\(sites)</sites>
        </system.applicationHost></configuration>
        """
    }

    private func site(_ path: String) -> String {
        Self.configuration(
            sites: """
                <site name="Shop" id="1"><application path="/" applicationPool="P">
                <virtualDirectory path="/" physicalPath="\(path)"/></application>
                <bindings><binding protocol="http" bindingInformation="*:8001:"/></bindings></site>
                """)
    }

    private func export(_ path: String = "%HOSTELRY_CONFIG_DIR%/shop", reserved: [String] = []) throws -> ContentExport
    {
        let server = try ServerConfiguration(
            bytes: Array(site(path).utf8), path: "x", variables: ["HOSTELRY_CONFIG_DIR": folder["there"]])
        let survey = try ContentSurvey.of(["shop"], in: server, reserved: reserved)
        let content = try ContentExport.copy(survey, to: folder["export"]) { _ in }
        try ConfigurationExport.sites(["Shop"], of: server, ring: ring, password: nil, content: content.list)
            .write(to: folder["export"])
        return content
    }

    private func plan(_ map: [String] = []) throws -> ImportPlan {
        try ImportPlan.sites(
            try ReceivedExport.read(folder["export"]), ring: nil,
            into: try ImportTarget.read(folder["here/applicationHost.config"], variables: [:]),
            folders: FolderMap(map.compactMap { FolderMap.Entry($0) })
        ) { _ in true }
    }

    private func place(_ plan: ImportPlan) throws {
        let content = try #require(plan.content)
        _ = try content.prepare(for: plan.after, state: folder["state"]) { _ in }
        try content.place()
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func contentArrivesAsItWas() throws {
        _ = try export()
        let plan = try plan()
        #expect(plan.content?.amount == ContentAmount(files: 3, bytes: 8))
        #expect(plan.content?.lines == ["content \(folder["here/shop"]): 3 files, 8 bytes"])
        try place(plan)
        #expect(folder.names(in: "here") == ["applicationHost.config", "shop"])
        #expect(try folder.text("here/shop/index.html") == "page")
        #expect(try folder.text("here/shop/sub/a b.txt") == "text")
        #expect(folder.isLink("here/shop/latest"))
        for name in ["shop", "shop/index.html", "shop/sub", "shop/sub/a b.txt", "shop/latest"] {
            let (old, new) = (try folder.status("there/\(name)"), try folder.status("here/\(name)"))
            #expect(old.st_mtim.tv_sec == new.st_mtim.tv_sec && old.st_mtim.tv_nsec == new.st_mtim.tv_nsec, "\(name)")
            #expect(old.st_mode & 0o707 == new.st_mode & 0o707, "\(name)")
        }
        #expect(try HeldFolder.open(folder["here/shop"]).file(Array("index.html".utf8)).permissions("x") == 0o640)
    }

    @Test func theSameContentMakesTheSameList() throws {
        let first = try export().list
        try place(try plan())
        folder.rename("there/shop", to: "there/other")
        folder.rename("here/shop", to: "there/shop")
        folder.rename("export", to: "first")
        #expect(try export().list.bytes == first.bytes)
    }

    @Test func whatIsThereAndTheSameStaysAndTheRestIsAdded() throws {
        _ = try export()
        for name in ["here/shop", "here/shop/sub"] { folder.makeFolder(name) }
        try folder.write("here/shop/index.html", "page")
        try folder.write("here/shop/mine.txt", "mine")
        let before = try folder.status("here/shop/index.html").st_ino
        let plan = try plan()
        #expect(plan.content?.lines == ["content \(folder["here/shop"]): 2 files, 4 bytes; 1 are there already"])
        try place(plan)
        #expect(try folder.status("here/shop/index.html").st_ino == before)
        #expect(try folder.text("here/shop/mine.txt") == "mine")
        #expect(try folder.text("here/shop/sub/a b.txt") == "text")
        #expect(folder.names(in: "here/shop") == ["index.html", "latest", "mine.txt", "sub"])
        #expect(try self.plan().content?.isEmpty == true)
    }

    @Test func nothingIsWrittenOver() throws {
        _ = try export()
        folder.makeFolder("here/shop")
        try folder.write("here/shop/index.html", "PAGE")
        folder.makeLink("here/shop/latest", to: "/etc")
        try folder.write("here/shop/sub", "a file")
        let told = refusal { _ = try plan() }
        #expect(told.hasPrefix("nothing is changed"))
        for line in ["index.html differs", "latest leads elsewhere", "sub is something else"] {
            #expect(told.contains("\(folder["here/shop"])/\(line)"))
        }
        #expect(folder.names(in: "here/shop") == ["index.html", "latest", "sub"])
    }

    @Test func contentCanGetAnotherFolder() throws {
        _ = try export(folder["there/shop"])
        let plan = try plan(["\(folder["there"])=\(folder["srv/sites"])"])
        let directories = plan.after.sites.flatMap(\.applications).flatMap(\.virtualDirectories)
        #expect(directories.map(\.physicalPath) == [folder["srv/sites/shop"]])
        try place(plan)
        #expect(try folder.text("srv/sites/shop/index.html") == "page")
    }

    /// A killed import leaves copies without their names, and perhaps some that have theirs.
    @Test func anImportThatWasKilledIsFinishedByTheNextOne() throws {
        _ = try export()
        let first = try plan()
        _ = try #require(first.content).prepare(for: first.after, state: folder["state"]) { _ in }
        #expect(folder.names(in: "here") == [".shop.hostelry-import", "applicationHost.config"])
        try folder.write("here/.shop.hostelry-import/index.html", "half")
        try place(try plan())
        #expect(folder.names(in: "here") == ["applicationHost.config", "shop"])
        #expect(try folder.text("here/shop/index.html") == "page")
    }

    @Test func aFileThatIsNotWhatWasExportedChangesNothing() throws {
        _ = try export()
        try folder.write("export/content/1/index.html", "PAGE")
        let plan = try plan()
        #expect(refusal { try place(plan) }.contains("is not what was exported"))
        let content = try #require(plan.content)
        #expect(refusal { try content.verify { _ in } }.contains("index.html"))
        #expect(folder.names(in: "here") == ["applicationHost.config"])
        try folder.write("export/content/1/index.html", "page, and more")
        #expect(refusal { _ = try self.plan() }.contains("index.html"))
        folder.remove("export/content/1/index.html")
        #expect(refusal { _ = try self.plan() }.contains("index.html"))
        #expect(folder.names(in: "here") == ["applicationHost.config"])
    }

    /// The content of the export is said to belong elsewhere, and the manifest is made to fit.
    private func move(contentTo path: String) throws {
        let list = try folder.text("export/content.list")
        let other = Array(list.replacing("tree %25HOSTELRY_CONFIG_DIR%25/shop", with: "tree \(path)").utf8)
        try folder.write("export/content.list", other)
        let manifest = try folder.text("export/manifest").split(separator: "\n").map { line in
            line.hasSuffix(" content.list")
                ? "file \(ExportManifest.File(name: "content.list", bytes: other).hash) \(other.count) content.list"
                : String(line)
        }
        try folder.write("export/manifest", manifest.map { $0 + "\n" }.joined())
    }

    @Test func contentThatNoSiteServesIsRefused() throws {
        _ = try export()
        try move(contentTo: "/root/.ssh")
        #expect(refusal { _ = try plan() }.contains("which none of its sites serves"))
    }

    @Test func contentForAnotherSiteThatIsHereIsRefused() throws {
        try folder.write(
            "here/applicationHost.config",
            site("/srv/mine").replacing("\"Shop\"", with: "\"Mine\"").replacing("*:8001:", with: "*:8002:"))
        _ = try export()
        try move(contentTo: "/srv/mine")
        #expect(refusal { _ = try plan() }.contains("which none of its sites serves"))
    }

    private func copy(_ progress: () -> Void) throws -> ContentExport {
        let server = try ServerConfiguration(bytes: Array(site(folder["there/shop"]).utf8), path: "x")
        return try ContentExport.copy(
            try ContentSurvey.of(["Shop"], in: server, reserved: []), to: folder["export"]
        ) { _ in progress() }
    }

    /// Sites write their logs while they are exported.
    @Test func aFileThatIsAlwaysWrittenToIsExportedAsItWasAtFirst() throws {
        let log = open(path: "there/shop/index.html")
        let content = try copy { _ = unsafe write(log, "more", 4) }
        close(log)
        #expect(content.notes.count == 1 && content.notes[0].contains("index.html was written to all the time"))
        let copied = try folder.text("export/content/1/index.html")
        let written = try folder.text("there/shop/index.html")
        #expect(copied.hasPrefix("page") && copied.utf8.count < written.utf8.count)
        #expect(content.list.trees.first?.root.amount.bytes == Int64(copied.utf8.count) + 4)
    }

    private func open(path: String) -> Int32 { unsafe Glibc.open(folder[path], O_WRONLY | O_APPEND) }

    @Test func moreFilesThanAListMayNameAreRefusedBeforeAnythingIsCopied() throws {
        let server = try ServerConfiguration(bytes: Array(site(folder["there/shop"]).utf8), path: "x")
        let list = try ContentExport.copy(
            try ContentSurvey(["Shop"], server, [], listLimit: 1000), to: folder["export"]
        ) { _ in }.list
        #expect(list.bytes.count < 1000)
        #expect(
            refusal { _ = try ContentSurvey(["Shop"], server, [], listLimit: list.bytes.count / 2) }
                .contains("more files than an export can hold"))
    }

    @Test func whatIsNothingButHolesStaysBehind() throws {
        try folder.makeSparseFile("there/shop/holes", size: 300 << 30)
        let server = try ServerConfiguration(bytes: Array(site(folder["there/shop"]).utf8), path: "x")
        let survey = try ContentSurvey.of(["Shop"], in: server, reserved: [])
        #expect(survey.notes == ["\(folder["there/shop"])/holes is nothing but holes and stays behind"])
        #expect(try copy {}.list.trees.first?.root.children.count == 3)
    }

    @Test func theServersOwnFilesAreNoContent() throws {
        #expect(refusal { _ = try export(reserved: [folder["there/shop/state"]]) }.contains("which is no content"))
        #expect(refusal { _ = try export(reserved: [folder["there"]]) } == "")
    }

    @Test func whatIsNoFileStaysBehindAndIsTold() throws {
        folder.makePipe("there/shop/pipe")
        folder.makeLink("there/shop/out", to: "/etc")
        let server = try ServerConfiguration(bytes: Array(site(folder["there/shop"]).utf8), path: "x")
        let survey = try ContentSurvey.of(["Shop"], in: server, reserved: [])
        #expect(survey.notes == ["\(folder["there/shop"])/pipe is neither a file nor a folder and stays behind"])
        let content = try ContentExport.copy(survey, to: folder["export"]) { _ in }
        #expect(content.notes.count == 1)
        #expect(folder.names(in: "export/content/1") == ["index.html", "latest", "out", "sub"])
        #expect(try folder.status("export/content").st_mode & 0o777 == 0o700)
    }

    @Test func contentThatIsThereAlreadyStays() throws {
        _ = try export()
        #expect(refusal { _ = try export() }.contains("is there already"))
        #expect(try folder.text("export/content/1/index.html") == "page")
    }

    private func sites(_ paths: [String]) -> String {
        Self.configuration(
            sites: paths.enumerated().map { number, path in
                """
                <site name="Shop\(number == 0 ? "" : "\(number)")" id="\(number + 1)">
                <application path="/" applicationPool="P"><virtualDirectory path="/" physicalPath="\(path)"/></application>
                <bindings><binding protocol="http" bindingInformation="*:800\(number + 1):"/></bindings></site>
                """
            }.joined())
    }

    private func export(sites paths: [String]) throws -> ContentExport {
        let names = paths.indices.map { $0 == 0 ? "Shop" : "Shop\($0)" }
        let server = try ServerConfiguration(
            bytes: Array(sites(paths).utf8), path: "x", variables: ["HOSTELRY_CONFIG_DIR": folder["there"]])
        let content = try ContentExport.copy(
            try ContentSurvey.of(names, in: server, reserved: []), to: folder["export"]
        ) { _ in }
        try ConfigurationExport.sites(names, of: server, ring: ring, password: nil, content: content.list)
            .write(to: folder["export"])
        return content
    }

    @Test func aFolderThatIsWrittenWithASlashAtItsEndIsTheSame() throws {
        #expect(try export(sites: [folder["there/shop"], folder["there/shop/"]]).list.trees.count == 1)
        try place(try plan(["\(folder["there"])=\(folder["srv"])"]))
        #expect(try folder.text("srv/shop/index.html") == "page")
    }

    /// Two names for one folder may lead to two on another machine, so both are exported.
    @Test func twoTreesThatAreAlikeAreOneWhereTheyGoToOneFolder() throws {
        #expect(try export(sites: ["%HOSTELRY_CONFIG_DIR%/shop", folder["there/shop"]]).list.trees.count == 2)
        let plan = try plan(["\(folder["there"])=\(folder["here"])"])
        #expect(plan.content?.amount == ContentAmount(files: 3, bytes: 8))
        try place(plan)
        #expect(folder.names(in: "here") == ["applicationHost.config", "shop"])
        #expect(try folder.text("here/shop/index.html") == "page")
        #expect(try self.plan(["\(folder["there"])=\(folder["here"])"]).content?.isEmpty == true)
    }

    @Test func aTreeThatIsPartOfAnotherOneIsPlacedWithIt() throws {
        _ = try export(sites: ["%HOSTELRY_CONFIG_DIR%/shop/sub", folder["there/shop"]])
        let plan = try plan(["\(folder["there"])=\(folder["here"])"])
        #expect(plan.content?.amount == ContentAmount(files: 3, bytes: 8))
        try place(plan)
        #expect(try folder.text("here/shop/sub/a b.txt") == "text")
    }

    @Test func treesThatDifferDoNotGoToOnePlace() throws {
        folder.makeFolder("there/other")
        try folder.write("there/other/index.html", "another")
        _ = try export(sites: [folder["there/shop"], folder["there/other"]])
        let here = folder["here/www"]
        let told = refusal {
            _ = try plan(["\(folder["there/shop"])=\(here)", "\(folder["there/other"])=\(here)/x"])
        }
        #expect(told.contains("two folders of the export") && told.contains("\(here)/x"))
        #expect(folder.names(in: "here") == ["applicationHost.config"])
        folder.makeFolder("here/www")
        try place(try plan(["\(folder["there/shop"])=\(here)", "\(folder["there/other"])=\(here)/x"]))
        #expect(try folder.text("here/www/x/index.html") == "another")
    }

    @Test func longNamesThatBeginAlikeKeepTheirContent() throws {
        let start = String(repeating: "n", count: 220)
        for end in ["one", "two"] { try folder.write("there/shop/\(start)\(end)", end) }
        _ = try export()
        folder.makeFolder("here/shop")
        try place(try plan())
        for end in ["one", "two"] { #expect(try folder.text("here/shop/\(start)\(end)") == end) }
        #expect(folder.names(in: "here/shop").count == 5)
    }

    @Test(arguments: [
        ("/srv/shop", "/sites/shop"), ("/srv/shop/a", "/sites/shop/a"), ("/srv", "/other"),
        ("/srv/shopping", "/other/shopping"),
        ("%X%/a", "/x/a"), ("/elsewhere", nil), ("relative", nil),
        ("/srv/shop/../x", nil), ("/srv/..", nil), ("/srv/..x", "/other/..x"),
    ])
    func theLongestFolderThatHoldsAPathIsMeant(_ path: String, here: String?) {
        let map = FolderMap(["/srv=/other/", "/srv/shop=/sites/shop", "%X%=/x"].compactMap { FolderMap.Entry($0) })
        #expect(map.path(of: path) == here)
    }

    @Test(arguments: ["", "/a", "a=/b", "/a=b", "/a=/b/../c", "=/b"])
    func whatIsNoMapIsRefused(_ text: String) { #expect(FolderMap.Entry(text) == nil) }
}
