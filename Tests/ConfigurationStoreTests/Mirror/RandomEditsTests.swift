import Configuration
import HostModel
import SQLite
import TestSupport
import Testing

@testable import ConfigurationStore

/// A mirror that followed random edits equals one that is made of the last version.
@Suite struct RandomEditsTests {
    /// Objects enough that lines move in stretches.
    private struct RandomServer {
        var random: Seeded
        var pools: [String] = (1...70).map { "<add name=\"P\($0)\"/>" }
        var sites: [String] = []
        var locations: [String] = []
        var lastID = 0

        init(seed: UInt64) {
            random = Seeded(state: seed)
            for _ in 1...90 { addSite(at: sites.count) }
        }

        mutating func addSite(at place: Int) {
            lastID += 1
            let number = lastID
            sites.insert(
                """
                <site name="S\(number)" id="\(number)"><application path="/" applicationPool="P\(number % 70 + 1)">
                <virtualDirectory path="/" physicalPath="/srv/\(number)"/></application>
                <bindings><binding protocol="http" bindingInformation="*:80:s\(number)"/></bindings></site>
                """, at: place)
            locations.append(
                "<location path=\"S\(number)\"><system.webServer><directoryBrowse/></system.webServer></location>")
        }

        mutating func edit() {
            let place = Int.random(in: 0..<sites.count, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0, 1:
                sites[place] = String(repeating: "\n", count: Int.random(in: 1...5, using: &random)) + sites[place]
            case 2: while sites[place].first == "\n" { sites[place].removeFirst() }
            case 3: sites.remove(at: place)
            case 4: addSite(at: place)
            case 5: sites.append(sites.remove(at: place))
            case 6: sites[place] = sites[place].replacing("*:80:", with: "*:81:")
            case 7: locations.swapAt(0, Int.random(in: 0..<locations.count, using: &random))
            default: pools.insert(pools.removeLast() + "\n", at: Int.random(in: 0..<pools.count, using: &random))
            }
        }

        /// Some stand in one line with what is before them.
        func text(isDense: Bool) -> String {
            let between = isDense ? "" : "\n"
            return "<configuration><system.applicationHost><applicationPools>\(pools.joined(separator: between))"
                + "</applicationPools><sites>\(sites.joined(separator: between))</sites></system.applicationHost>"
                + locations.joined(separator: between) + "</configuration>"
        }
    }

    private func database() throws -> Database {
        let database = try Database.memory()
        _ = try database.migrate(StoreFile.mirror(state: "").migrations)
        return database
    }

    private func contents(_ database: Database) throws -> [String] {
        try ["sites", "bindings", "applications", "pools", "sections WHERE kind = 'server'", "problems"].flatMap {
            view in
            try database.table("SELECT * FROM \(view)", rowLimit: 10_000, byteLimit: .max).rows.map { "\(view) \($0)" }
                .sorted()
        }
    }

    @Test(arguments: 1...4) func theMirrorEqualsAFreshOne(_ seed: Int) throws {
        let folder = try TemporaryFolder()
        var server = RandomServer(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        try folder.write("a.config", server.text(isDense: seed % 2 == 0))
        var version = try HostConfiguration.read(path: folder["a.config"])
        let database = try database()
        let mirror = try ConfigurationMirror(database)
        try mirror.apply(version)
        // A row of each site that no edit moves.
        _ = try mirror.write(
            version.model.sites.map { site in
                ReportedFile(
                    pool: site.applications[0].pool, siteID: site.id, path: "/", file: "/srv/\(site.id)/web.config",
                    content: .read(
                        [
                            WrittenSection(
                                path: "", section: "s", fragment: "", overrideMode: .inherit, inherits: true, line: 4)
                        ], problem: nil))
            })
        for _ in 0..<8 {
            for _ in 0..<Int.random(in: 1...6, using: &server.random) { server.edit() }
            guard let next = try version.following(Array(server.text(isDense: seed % 2 == 0).utf8)) else { continue }
            version = next
            try mirror.apply(version)
            let fresh = try self.database()
            try ConfigurationMirror(fresh).apply(version)
            #expect(try contents(database) == contents(fresh))
            let stray = try database.value(
                "SELECT count(*) FROM sections WHERE kind = 'web.config' AND (line <> 4 OR site <> path)")
            #expect(stray == 0)
            let told = try database.value("SELECT count(*) FROM files WHERE kind = 'web.config'")
            let left = version.model.sites.count { $0.id <= 90 }
            #expect(told == SQLValue(left))
        }
    }
}
