import HostModel
import Testing

@Suite struct HostModelTests {
    @Test func aSoundSiteHasNoProblems() throws {
        let model = try model(sites: siteText("A", id: 1, path: "%ROOT%/a/"))
        #expect(model.problems == [])
        let site = try #require(model.sites.first)
        #expect(site.applications[0].virtualDirectories[0].physicalPath == "/srv/a")
        #expect(site.limits.connectionTimeout == .seconds(120) && site.limits.maxUrlSegments == 32)
        let pool = try #require(model.pools.first)
        #expect(pool.queueLength == 1000 && pool.recycling.time == .seconds(29 * 3600) && !pool.enable32BitAppOnWin64)
        #expect(
            pool.processModel.identity == .applicationPoolIdentity && pool.failure.rapidFailProtectionMaxCrashes == 5)
    }

    /// Reference §3.8: own attribute, nearest default element, schema default; attribute by attribute.
    @Test func defaultElementsFillWhatASiteDoesNotSay() throws {
        let model = try model(
            pools: """
                <applicationPoolDefaults queueLength="50"><processModel idleTimeout="00:05:00" maxProcesses="2"/></applicationPoolDefaults>
                <add name="P"><processModel maxProcesses="3"/></add><add name="Q" queueLength="60"/>
                """,
            sites: """
                <siteDefaults><logFile directory="/logs" period="Hourly"/><limits maxConnections="7"/></siteDefaults>
                <applicationDefaults applicationPool="Q"/><virtualDirectoryDefaults allowSubDirConfig="false"/>
                <site name="A" id="1"><logFile period="Weekly"/><applicationDefaults applicationPool="P"/>
                <application path="/"><virtualDirectory path="/" physicalPath="/a"/></application>
                <application path="/b" applicationPool="Q"><virtualDirectoryDefaults allowSubDirConfig="true"/>
                <virtualDirectory path="/" physicalPath="/b"/></application></site>
                <site name="B" id="2"><application path="/"><virtualDirectory path="/" physicalPath="/a"/></application></site>
                """)
        #expect(model.pools.map(\.queueLength) == [50, 60])
        #expect(model.pools.map(\.processModel.maxProcesses) == [3, 2])
        #expect(model.pools.map(\.processModel.idleTimeout) == [.seconds(300), .seconds(300)])
        #expect(model.sites[0].log.directory == "/logs" && model.sites[0].log.period == .weekly)
        #expect(model.sites[1].log.period == .hourly && model.sites[1].limits.maxConnections == 7)
        #expect(model.sites.map { $0.applications.map(\.pool) } == [["P", "Q"], ["Q"]])
        #expect(model.sites[0].applications.map { $0.virtualDirectories[0].allowSubDirConfig } == [false, true])
    }

    @Test func aBrokenSiteIsQuarantinedWithItsReasonsAndTheOthersStand() throws {
        let model = try model(
            sites: siteText("Good", id: 1)
                + "<site name=\"Bad\" id=\"0\"><bindings><binding protocol=\"http\" bindingInformation=\"*:http:\"/></bindings></site>"
                + "\n<site name=\"Worse\" id=\"x\" colour=\"red\"/>" + siteText("Last", id: 9))
        #expect(model.sites.map(\.isQuarantined) == [false, true, true, false])
        #expect(model.sites[1].quarantine.count == 3)
        #expect(model.sites[2].quarantine.contains { $0.message == "Unrecognized attribute 'colour'" })
        #expect(model.problems.allSatisfy { $0.severity == .error && $0.line.number > 0 })
    }

    @Test func twoSitesOnOneLineAreToldApart() throws {
        let model = try model(
            sites: "<site name=\"A\" id=\"1\" x=\"1\"/>" + siteText("B", id: 2).replacing("\n", with: " "))
        #expect(model.sites.map(\.isQuarantined) == [true, false])
    }

    @Test func aDuplicateNameOrIdQuarantinesTheSecondSite() throws {
        for sites in [
            siteText("A", id: 1) + siteText("a", id: 2, binding: "*:81:"),
            siteText("A", id: 1) + siteText("B", id: 1),
        ] {
            let model = try model(sites: sites)
            #expect(model.sites.map(\.isQuarantined) == [false, true])
            #expect(
                model.sites[1].quarantine[0].message.hasPrefix("Cannot add duplicate collection entry of type 'site'"))
        }
    }

    @Test func theSecondSiteWithABindingCannotStart() throws {
        let model = try model(
            sites: siteText("A", id: 1, binding: "*:80:www.a.com") + siteText("B", id: 2, binding: ":80:WWW.A.COM")
                + siteText("C", id: 3, binding: "127.0.0.1:80:www.a.com"))
        #expect(model.sites.map(\.isQuarantined) == [false, true, false])
        #expect(model.sites[1].quarantine[0].message.contains("belongs to the site \"A\" already"))
    }

    @Test func anApplicationWithoutASoundPoolIsQuarantinedAlone() throws {
        let model = try model(
            pools: "<add name=\"P\"/><add name=\"Broken\" queueLength=\"5\"/>",
            sites: siteText(
                "A", id: 1,
                more:
                    "<application path=\"/b\" applicationPool=\"Nobody\"><virtualDirectory path=\"/\" physicalPath=\"/b\"/></application>"
            )
                + siteText("B", id: 2, pool: "broken")
                + siteText("C", id: 3).replacing(" applicationPool=\"P\"", with: ""))
        #expect(model.sites.allSatisfy { !$0.isQuarantined })
        #expect(model.pools.map(\.isQuarantined) == [false, true])
        #expect(
            model.sites.map { $0.applications.map { $0.quarantine.isEmpty } } == [[true, false], [false], [false]])
        #expect(model.problems.contains { $0.message.contains("\"Nobody\" does not exist") })
    }

    @Test func aSiteNeedsARootApplicationAndARootFolder() throws {
        let model = try model(
            sites: "<site name=\"A\" id=\"1\"><application path=\"/x\" applicationPool=\"P\"/></site>")
        let messages = model.sites[0].quarantine.map(\.message)
        #expect(
            messages.contains { $0.contains("no root application") }
                && messages.contains { $0.contains("no root folder") })
    }

    @Test func rootsMayStandInAnyOrder() throws {
        let model = try model(
            sites: """
                <site name="A" id="1"><bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
                <application path="/x" applicationPool="P"><virtualDirectory path="/i" physicalPath="/i"/>
                <virtualDirectory path="/" physicalPath="/x"/></application>
                <application path="/" applicationPool="P"><virtualDirectory path="/" physicalPath="/r"/></application></site>
                """)
        #expect(model.problems == [])
    }

    @Test(arguments: [#"C:\inetpub\wwwroot"#, #"%SystemDrive%\inetpub"#, #"\\server\share"#, "d:/sites"])
    func aFolderOfWindowsIsAWarning(_ path: String) throws {
        let model = try model(sites: siteText("A", id: 1, path: path))
        #expect(model.problems.map(\.severity) == [.warning])
        #expect(!model.sites[0].isQuarantined)
    }

    @Test func aRelativeFolderIsAnError() throws {
        #expect(try model(sites: siteText("A", id: 1, path: "www")).sites[0].isQuarantined)
    }

    @Test func httpsIsModelledReportedOnceAndLeavesTheSiteSound() throws {
        let secure = "<binding protocol=\"https\" bindingInformation=\"*:443:a\" sslFlags=\"1\"/></bindings>"
        let model = try model(
            sites: siteText("A", id: 1).replacing("</bindings>", with: secure)
                + siteText("B", id: 2).replacing("</bindings>", with: secure.replacing(":a", with: ":b")))
        #expect(model.problems.count == 1 && model.problems[0].severity == .warning)
        #expect(model.problems[0].message.contains("*:443:a and 1 more"))
        #expect(model.sites[0].bindings.map(\.isHTTPS) == [false, true] && model.sites[0].bindings[1].sslFlags == 1)
    }

    @Test func aLocationForASiteThatIsNotThereIsAWarning() throws {
        let model = try model(
            sites: siteText("A", id: 1),
            more: "\n<location path=\"Gone/x\"><system.webServer><directoryBrowse/></system.webServer></location>")
        #expect(model.problems.map(\.severity) == [.warning])
        #expect(model.problems[0].message.hasPrefix("Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/Gone/x'"))
    }

    @Test func aSiteWithoutBindingsLoadsAndIsWarnedAbout() throws {
        let text = siteText("A", id: 1)
        let start = try #require(text.firstRange(of: "<bindings>"))
        let end = try #require(text.firstRange(of: "</bindings>"))
        let model = try model(sites: text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: ""))
        #expect(model.problems.map(\.severity) == [.warning] && !model.sites[0].isQuarantined)
    }

    @Test func anUnknownElementBesideADuplicateSiteTakesNoOtherSiteAway() throws {
        let model = try model(
            sites: "<nonsense/><clear/>" + siteText("A", id: 1) + siteText("B", id: 1) + siteText("C", id: 3))
        #expect(model.sites.map(\.name) == ["A", "B", "C"])
        #expect(model.sites.map(\.isQuarantined) == [false, true, false])
        #expect(model.problems.count == 3)
    }

    /// A site that cannot start holds no binding; the place is free for the next that names it.
    @Test func aSiteThatLosesOneBindingKeepsItsOthersFromNobody() throws {
        let two = siteText("B", id: 2, binding: "*:80:a").replacing(
            "</bindings>", with: "<binding protocol=\"http\" bindingInformation=\"*:80:c\"/></bindings>")
        let twoOtherWayRound = siteText("B", id: 2, binding: "*:80:c").replacing(
            "</bindings>", with: "<binding protocol=\"http\" bindingInformation=\"*:80:a\"/></bindings>")
        for middle in [two, twoOtherWayRound] {
            let model = try model(
                sites: siteText("A", id: 1, binding: "*:80:a") + middle + siteText("C", id: 3, binding: "*:80:c"))
            #expect(model.sites.map(\.isQuarantined) == [false, true, false])
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
