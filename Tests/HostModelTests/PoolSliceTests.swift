import Configuration
import HostModel
import Testing

@Suite struct PoolSliceTests {
    @Test func aSliceHoldsItsPoolAndItsSitesAtTheirLinesAndNothingOfOthers() throws {
        let server = try serverConfiguration(
            pools:
                "\n<add name=\"P\"/>\n<add name=\"Secret\"><processModel userName=\"u\" password=\"hunter2\"/></add>\n",
            sites: siteText("Mine", id: 1) + "\n" + siteText("Theirs", id: 2, pool: "Secret") + "\n"
                + siteText(
                    "Mixed", id: 3,
                    more:
                        "<application path=\"/s\" applicationPool=\"Secret\"><virtualDirectory path=\"/\" physicalPath=\"/s\"/></application>"
                ),
            more: """
                <location path="Theirs/x"><system.webServer><directoryBrowse enabled="true"/></system.webServer></location>
                <location path="mine"><system.webServer><directoryBrowse enabled="true"/></system.webServer></location>
                """)
        let whole = HostModel.build(server)
        let bytes = PoolSlice.bytes(of: server, pool: "p", in: whole)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("hunter2") && !text.contains("Theirs"))
        let slice = HostModel.build(try ServerConfiguration(bytes: bytes, path: "applicationHost.config"))
        #expect(slice.pools.map(\.name) == ["P"])
        #expect(slice.sites.map(\.name) == ["Mine", "Mixed"])
        for site in slice.sites {
            let same = try #require(whole.sites.first { $0.id == site.id })
            #expect(site.line.number == same.line.number)
        }
        let system = ConfigurationSystem(
            server: try ServerConfiguration(bytes: bytes, path: "a"), layout: slice.layouts())
        #expect(system.server.file.locations.map(\.path) == ["mine"])
    }

    @Test func aSliceOfAFileInAnotherEncodingIsReadAsUTF8() throws {
        let text =
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<configuration><system.applicationHost><applicationPools><add name=\"Pü\"/></applicationPools></system.applicationHost></configuration>"
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { bytes += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)] }
        let server = try ServerConfiguration(bytes: bytes, path: "a")
        let slice = PoolSlice.bytes(of: server, pool: "Pü", in: HostModel.build(server))
        #expect(HostModel.build(try ServerConfiguration(bytes: slice, path: "a")).pools.map(\.name) == ["Pü"])
    }

    /// What the reader passes over (a second list, an unknown element) is as secret as what it reads.
    @Test func aSliceHoldsNothingOfOthersWhereTheFileHasMistakes() throws {
        let server = try serverConfiguration(
            pools: "<add name='P'/><Add name='S' password='hunter2'/>",
            sites: siteText("Mine", id: 1) + "<Site name='T' password='hunter2'/>",
            more: """
                <system.applicationHost><applicationPools><add name='S'><processModel password='hunter2'/></add></applicationPools>
                <sites><site name='T' id='7' password='hunter2'/></sites></system.applicationHost>
                <location path="."><system.applicationHost><sites><site name='T' password='hunter2'/></sites></system.applicationHost></location>
                """)
        let text = String(
            decoding: PoolSlice.bytes(of: server, pool: "P", in: HostModel.build(server)), as: UTF8.self)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("Mine"))
    }
}
