import Configuration
import Testing

/// Reference §2.1 to §2.4: who may write what below whom.
@Suite struct LockTests {
    let host = TestServer()

    func serverText(_ sections: String, _ locations: String = "", handlers: String = "Deny") -> String {
        """
        <configuration>
          <configSections><sectionGroup name="system.webServer">
            <section name="defaultDocument"/>
            <section name="handlers" overrideModeDefault="\(handlers)"/>
            <section name="modules" allowDefinition="MachineToApplication"/>
            <section name="httpErrors"/>
            <section name="directoryBrowse"/>
            <section name="httpCompression" allowDefinition="AppHostOnly" overrideModeDefault="Deny"/>
          </sectionGroup></configSections>
          <system.webServer>\(sections)</system.webServer>
          \(locations)
        </configuration>
        """
    }

    func section(_ name: String, _ server: String, _ path: String = "/") throws -> Element {
        try host.system(server).configuration(at: ConfigurationPath(site: "Site", path: path)).section(
            "system.webServer/\(name)")
    }

    let handler = #"<handlers><add name="H" path="*" verb="*" modules="M"/></handlers>"#

    @Test func aSectionDeclaredDenyIsLockedWithIISsTextAndTheSectionsLine() {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", "\n" + handler)
        let error = configurationError { _ = try section("handlers", serverText("")) }
        #expect(error?.line == 4 && error?.code == 0x8007_0021)
        #expect(error?.message.hasPrefix("This configuration section cannot be used at this path.") == true)
        #expect(error?.message.contains("overrideModeDefault=\"Deny\"") == true)
    }

    @Test func aLocationWithAllowUnlocksIt() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", handler)
        let unlocked =
            #"<location path="" overrideMode="Allow"><system.webServer><handlers/></system.webServer></location>"#
        #expect(try section("handlers", serverText("", unlocked)).list("name") == ["H"])
        let legacy =
            #"<location path="SITE" allowOverride="true"><system.webServer><handlers/></system.webServer></location>"#
        #expect(try section("handlers", serverText("", legacy)).list("name") == ["H"])
        let elsewhere =
            #"<location path="Other" overrideMode="Allow"><system.webServer><handlers/></system.webServer></location>"#
        #expect(throws: ConfigurationError.self) { try section("handlers", serverText("", elsewhere)) }
    }

    @Test func theNearestLocationDecides() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/sub/web.config", handler)
        func location(_ path: String, _ mode: String) -> String {
            "<location path=\"\(path)\" overrideMode=\"\(mode)\"><system.webServer><handlers/></system.webServer></location>"
        }
        let open = serverText("", location("Site", "Deny") + location("Site/sub", "Allow"))
        #expect(try section("handlers", open, "/sub").list("name") == ["H"])
        let closed = serverText("", location("Site", "Allow") + location("Site/sub", "Deny"))
        #expect(throws: ConfigurationError.self) { try section("handlers", closed, "/sub") }
    }

    @Test func aWebConfigMayLockItsOwnSubfoldersButNotUnlockWhatIsLockedAbove() throws {
        host.addSite("Site")
        host.write(
            "Site/web.config",
            """
            <configuration><location overrideMode="Deny"><system.webServer><directoryBrowse enabled="true"/>
            </system.webServer></location></configuration>
            """)
        host.writeWebConfig("Site/sub/web.config", #"<directoryBrowse enabled="false"/>"#)
        #expect(try section("directoryBrowse", serverText("")).bool("enabled"))
        #expect(throws: ConfigurationError.self) { try section("directoryBrowse", serverText(""), "/sub") }

        host.write(
            "Site/web.config",
            "<configuration><location overrideMode=\"Allow\"><system.webServer>\(handler)</system.webServer></location></configuration>"
        )
        #expect(throws: ConfigurationError.self) { try section("handlers", serverText("")) }
    }

    /// Reference §2.3: the server allows a path that the site's file denies further up: a contradiction, an error.
    @Test func anAllowBelowAnotherFilesDenyContradictsIt() {
        host.addSite("Site")
        host.write(
            "Site/web.config",
            """
            <configuration><location overrideMode="Deny"><system.webServer><directoryBrowse/>
            </system.webServer></location></configuration>
            """)
        host.writeWebConfig("Site/sub/web.config", #"<directoryBrowse enabled="true"/>"#)
        let allow =
            #"<location path="Site/sub" overrideMode="Allow"><system.webServer><directoryBrowse/></system.webServer></location>"#
        #expect(throws: ConfigurationError.self) { try section("directoryBrowse", serverText("", allow), "/sub") }
    }

    @Test func aSectionOfTheServerAloneMayNotStandInAWebConfig() {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", #"<httpCompression directory="x"/>"#)
        let error = configurationError { _ = try section("httpCompression", serverText("")) }
        #expect(error?.code == 0x8007_0021 && error?.line == 3)
    }

    @Test func aSectionOfApplicationsMayNotStandBelowTheirRoot() throws {
        host.addSite("Site", applications: ["/", "/app"])
        let modules = #"<modules><add name="M" type="T"/></modules>"#
        host.writeWebConfig("Site/app/web.config", modules)
        #expect(try section("modules", serverText(""), "/app").list("name") == ["M"])
        host.writeWebConfig("Site/app/sub/web.config", modules)
        let error = configurationError { _ = try section("modules", serverText(""), "/app/sub") }
        #expect(error?.code == 0x8007_0021)
    }

    @Test func lockedAttributesMayNotBeSetNotEvenToTheSameValue() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", "\n<httpErrors\n errorMode=\"Custom\"\n defaultPath=\"x\"/>")
        for lock in [#"lockAttributes="defaultPath""#, #"lockAttributes="*""#, #"lockAllAttributesExcept="errorMode""#]
        {
            let error = configurationError {
                _ = try section("httpErrors", serverText("<httpErrors defaultPath=\"x\" \(lock)/>"))
            }
            #expect(error?.message == "Lock violation" && error?.line == 4 && error?.code == 0x8007_0021)
        }
        let other = serverText(#"<httpErrors lockAttributes="allowAbsolutePathsWhenDelegated"/>"#)
        #expect(try section("httpErrors", other).string("defaultPath") == "x")
    }

    @Test func lockedElementsAndDirectivesMayNotAppear() throws {
        host.addSite("Site")
        host.writeWebConfig(
            "Site/web.config", "<defaultDocument><files>\n<clear/><add value=\"a\"/></files></defaultDocument>")
        func files(_ locks: String) -> String {
            serverText("<defaultDocument><files \(locks)><add value=\"z\"/></files></defaultDocument>")
        }
        #expect(configurationError { _ = try section("defaultDocument", files(#"lockElements="clear""#)) }?.line == 4)
        #expect(
            configurationError { _ = try section("defaultDocument", files(#"lockElements="add,remove""#)) }?.message
                == "Lock violation")
        #expect(
            try section("defaultDocument", files(#"lockAllElementsExcept="add,clear""#)).element("files").list("value")
                == ["a"])
        let whole = serverText(#"<defaultDocument lockElements="files"/>"#)
        #expect(configurationError { _ = try section("defaultDocument", whole) }?.line == 3)
    }

    @Test func aLockedItemMayBeRemovedByTheSameFileOnly() throws {
        host.addSite("Site")
        let item = #"<modules><add name="M" lockItem="true"/><add name="N"/></modules>"#
        let location =
            #"<location path="Site"><system.webServer><modules><remove name="M"/></modules></system.webServer></location>"#
        #expect(try section("modules", serverText(item, location)).list("name") == ["N"])

        host.writeWebConfig("Site/web.config", "<modules>\n<remove name=\"M\"/></modules>")
        let removed = configurationError { _ = try section("modules", serverText(item)) }
        #expect(removed?.message == "Lock violation" && removed?.line == 4)
        host.writeWebConfig("Site/web.config", "<modules><clear/></modules>")
        #expect(configurationError { _ = try section("modules", serverText(item)) }?.message == "Lock violation")
        host.writeWebConfig("Site/web.config", #"<modules><remove name="N"/><add name="O"/></modules>"#)
        #expect(try section("modules", serverText(item)).list("name") == ["M", "O"])
    }

    @Test func anUnknownNameInALockListIsAnError() {
        let server = serverText(
            "\n<httpErrors lockAttributes=\"colour\"/><defaultDocument lockElements=\"files,pages\"/>")
        let problems = try? host.server(server).problems()
        #expect(
            problems?.map(\.message) == [
                "lockAttributes contains unknown attribute 'colour'", "lockElements contains unknown element 'pages'",
            ])
        #expect(problems?.first?.line == 11)
    }

    /// Reference §1.2: values of enums are matched whatever their case.
    @Test func modesAreReadInAnyCase() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", handler)
        let unlocked =
            #"<location path="" overrideMode="allow"><system.webServer><handlers/></system.webServer></location>"#
        #expect(try section("handlers", serverText("", unlocked, handlers: "DENY")).list("name") == ["H"])
    }

    @Test func aListOfLockedAttributesAddsToALockOfAllOthers() {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", #"<httpErrors errorMode="Custom"/>"#)
        let locks = #"<httpErrors lockAllAttributesExcept="errorMode" lockAttributes="errorMode"/>"#
        let error = configurationError { _ = try section("httpErrors", serverText(locks)) }
        #expect(error?.message == "Lock violation")
    }

    /// Reference §2.1: a child file may declare sections that no file above declares.
    @Test func aSectionThatAWebConfigDeclaresIsReadThereAndBelow() throws {
        host.addSite("Site")
        host.makeFolder("Site/sub")
        host.write(
            "Site/web.config",
            """
            <configuration><configSections><sectionGroup name="system.webServer"><section name="caching"/></sectionGroup></configSections>
            <system.webServer><caching enabled="false"/></system.webServer></configuration>
            """)
        #expect(try !section("caching", serverText("")).bool("enabled"))
        #expect(try !section("caching", serverText(""), "/sub").bool("enabled"))
        let configuration = try host.system(serverText("")).configuration(at: ConfigurationPath(site: "Site"))
        #expect(throws: Never.self) { try configuration.validate() }
    }
}
