import HostModel
import Testing

@Suite struct WebConfigPlaceTests {
    private func place(
        _ path: String, in pool: String = "P", pools: String = "<add name=\"P\"/><add name=\"Q\"/>"
    ) throws -> WebConfigPlace? {
        let more = """
            <application path="/Shop" applicationPool="Q">
            <virtualDirectory path="/" physicalPath="/srv/shop"/>
            <virtualDirectory path="/Files" physicalPath="/mnt/files" allowSubDirConfig="false"/></application>
            """
        let model = try model(pools: pools, sites: siteText("S", id: 1, path: "/srv/x", more: more))
        return try #require(model.pool(pool)).place(path, of: model.sites[0])
    }

    @Test func aFolderOfAnApplicationHasItsFileBelowTheApplicationsFolder() throws {
        #expect(try place("/") == WebConfigPlace(application: "/", path: "/", folder: "/srv/x"))
        #expect(try place("/a/B") == WebConfigPlace(application: "/", path: "/a/B", folder: "/srv/x/a/B"))
    }

    @Test func whatTheConfigurationNamesIsSpelledAsItSpellsIt() throws {
        #expect(
            try place("/SHOP/x", in: "Q")
                == WebConfigPlace(application: "/Shop", path: "/Shop/x", folder: "/srv/shop/x"))
        #expect(
            try place("/shop/FILES", in: "q")
                == WebConfigPlace(application: "/Shop", path: "/Shop/Files", folder: "/mnt/files"))
    }

    @Test(arguments: ["/shop", "/shop/x", "/Shop/Files", "/a/../../etc", "/.", "/.."])
    func whatIsNoFolderOfThePoolsApplicationsHasNone(_ path: String) throws { #expect(try place(path) == nil) }

    @Test func anApplicationOfAnotherPoolIsNobodyElses() throws {
        #expect(try place("/", in: "Q") == nil)
        // The folder's own file alone is read.
        #expect(try place("/shop/files/x", in: "Q") == nil)
    }

    @Test func aPoolThatReadsNoneHasNone() throws {
        let pools = "<add name=\"P\" enableConfigurationOverride=\"false\"/><add name=\"Q\"/>"
        #expect(try place("/", pools: pools) == nil)
    }
}

extension ApplicationPool {
    fileprivate func place(_ path: String, of site: Site) -> WebConfigPlace? { site.webConfigPlace(at: path, in: self) }
}
