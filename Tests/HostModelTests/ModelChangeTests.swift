import Configuration
import HostModel
import Testing

@Suite struct ModelChangeTests {
    private let sites = (1...20).map { siteText("S\($0)", id: $0) }

    private func changes(_ from: HostModel, _ to: HostModel) -> [String] {
        from.changes(to: to).map { change in
            switch change {
            case .siteAdded(let site): "+\(site.name)"
            case .siteRemoved(let site): "-\(site.name)"
            case .siteChanged(_, let site, let aspects): "~\(site.name) \(aspects.rawValue)"
            case .poolAdded(let pool): "+pool \(pool.name)"
            case .poolRemoved(let pool): "-pool \(pool.name)"
            case .poolChanged(_, let pool, let recycles): "~pool \(pool.name) \(recycles)"
            case .limitsChanged: "limits"
            case .serverSettingsChanged: "server"
            }
        }
    }

    @Test func nothingChangedIsNoChangeEvenWhenEveryLineMoved() throws {
        let one = try model(sites: sites.joined())
        let other = try model(sites: "\n\n<!-- -->\n" + sites.joined(separator: "\n\n"))
        #expect(one.changes(to: other).isEmpty)
    }

    @Test func aChangedSiteIsOneChangeThatSaysWhatOfIt() throws {
        let one = try model(sites: sites.joined())
        func changed(_ replace: (String) -> String) throws -> [String] {
            var next = sites
            next[6] = replace(next[6])
            return changes(one, try model(sites: next.joined()))
        }
        #expect(try changed { $0.replacing("*:80:s7", with: "*:81:s7") } == ["~S7 \(SiteAspects.bindings.rawValue)"])
        #expect(try changed { $0.replacing("/srv/x", with: "/srv/y") } == ["~S7 \(SiteAspects.routes.rawValue)"])
        #expect(
            try changed { $0.replacing("name=\"S7\"", with: "name=\"T7\"") } == ["~T7 \(SiteAspects.name.rawValue)"])
        #expect(
            try changed { $0.replacing("id=\"7\"", with: "id=\"7\" serverAutoStart=\"false\"") } == [
                "~S7 \(SiteAspects.state.rawValue)"
            ])
        #expect(
            try changed { $0.replacing("</site>", with: "<limits maxConnections=\"5\"/></site>") } == [
                "~S7 \(SiteAspects.limits.rawValue)"
            ])
    }

    @Test func addedRemovedAndMovedSitesAreToldById() throws {
        let one = try model(sites: sites.joined())
        var next = sites
        next.remove(at: 3)
        next.swapAt(5, 9)
        next.insert(siteText("New", id: 99), at: 0)
        #expect(Set(changes(one, try model(sites: next.joined()))) == ["-S4", "+New"])
    }

    @Test func aLocationOfTheServersFileChangesItsSiteOnly() throws {
        func location(_ path: String) -> String {
            "<location path=\"\(path)\"><system.webServer><directoryBrowse enabled=\"true\"/></system.webServer></location>"
        }
        let one = try model(sites: sites.joined())
        #expect(
            changes(one, try model(sites: sites.joined(), more: location("S3/sub"))) == [
                "~S3 \(SiteAspects.settings.rawValue)"
            ])
        #expect(changes(one, try model(sites: sites.joined(), more: location(""))) == ["server"])
    }

    @Test(arguments: [
        ("queueLength=\"50\"", false), ("autoStart=\"false\"", false), ("enable32BitAppOnWin64=\"true\"", true),
        ("managedRuntimeVersion=\"v4.0\"", true), ("passAnonymousToken=\"false\"", true),
        ("startMode=\"AlwaysRunning\"", false),
    ])
    func aPoolsSettingsRecycleItOrAreAppliedLive(_ attribute: String, _ recycles: Bool) throws {
        let one = try model(sites: sites.joined())
        let other = try model(pools: "<add name=\"P\" \(attribute)/>", sites: sites.joined())
        #expect(changes(one, other) == ["~pool P \(recycles)"])
    }

    @Test func applyingTheChangesOfRandomEditsGivesTheNewModel() throws {
        var random = SplitMix(state: 42)
        var texts = Dictionary(uniqueKeysWithValues: (1...20).map { ($0, siteText("S\($0)", id: $0)) })
        func build() throws -> HostModel { try model(sites: texts.keys.sorted().map { texts[$0]! }.joined()) }
        var current = try build()
        for step in 1...60 {
            let id = Int.random(in: 1...25, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: texts[id] = nil
            case 1: texts[id] = siteText("S\(id)", id: id, binding: "*:\(1000 + step):", path: "/srv/\(step)")
            default: texts[id] = siteText("S\(id)", id: id)
            }
            let next = try build()
            var applied = Dictionary(uniqueKeysWithValues: current.sites.map { ($0.id, $0) })
            let changes = current.changes(to: next)
            for change in changes {
                switch change {
                case .siteAdded(let site), .siteChanged(_, let site, _): applied[site.id] = site
                case .siteRemoved(let site): applied[site.id] = nil
                default: Issue.record("only sites were edited: \(change)")
                }
            }
            #expect(applied == Dictionary(uniqueKeysWithValues: next.sites.map { ($0.id, $0) }))
            #expect(changes.count <= 1)
            current = next
        }
    }

    @Test func whatTheFileDeclaresIsPartOfEverySitesSettings() throws {
        func version(_ mode: String) throws -> HostModel {
            let text = """
                <configuration><configSections><sectionGroup name="system.webServer">
                <section name="handlers" overrideModeDefault="\(mode)"/></sectionGroup></configSections></configuration>
                """
            return HostModel.build(try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config"))
        }
        #expect(try version("Deny").changes(to: version("Allow")) == [.serverSettingsChanged])
        #expect(try version("Deny").changes(to: version("Deny")) == [])
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
