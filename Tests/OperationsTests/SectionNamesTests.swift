import Configuration
import Operations
import Testing

@Suite struct SectionNamesTests {
    private func names() throws -> SectionNames {
        SectionNames(
            try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "/srv/applicationHost.config"))
    }

    @Test func aSectionIsNamedByItsPathOrItsLastWord() throws {
        let names = try names()
        for text in ["system.webServer/defaultDocument", "DEFAULTDOCUMENT", "SYSTEM.WEBSERVER/defaultdocument"] {
            #expect(names.meaning(of: text) == .section("system.webServer/defaultDocument"))
        }
        #expect(names.meaning(of: "nosuch") == .none)
        #expect(names.meaning(of: "") == .none)
    }

    /// `system.webServer/security/authorization` and `system.webServer/management/authorization`.
    @Test func aWordThatSeveralHaveMeansNone() throws {
        let names = try names()
        let last = Dictionary(grouping: names.all) { $0.split(separator: "/").last.map(String.init) ?? "" }
        for (word, paths) in last where paths.count > 1 { #expect(names.meaning(of: word) == .several(paths.sorted())) }
    }

    @Test func aStarStandsForAnyCharacters() throws {
        let names = try names()
        #expect(names.matching("") == names.all)
        #expect(names.matching("*") == names.all)
        #expect(names.matching("system.applicationHost/sit*") == ["system.applicationHost/sites"])
        #expect(names.matching("SITES").isEmpty)
    }
}
