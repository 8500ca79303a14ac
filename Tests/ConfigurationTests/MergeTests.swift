import Configuration
import Testing

/// Observed results of reference §3.3 to §3.6.
@Suite struct MergeTests {
    let host = TestServer()
    /// A complete server file: IIS's six default documents, one site section with a location.
    func serverText(_ extra: String = "", files: [String] = ["Default.htm", "Default.asp", "index.htm"]) -> String {
        """
        <configuration>
          <configSections>
            <sectionGroup name="system.webServer">
              <section name="defaultDocument" overrideModeDefault="Allow"/>
              <section name="handlers" overrideModeDefault="Deny"/>
              <section name="modules" allowDefinition="MachineToApplication" overrideModeDefault="Deny"/>
              <section name="staticContent" overrideModeDefault="Allow"/>
              <section name="directoryBrowse" overrideModeDefault="Allow"/>
              <section name="httpCompression" allowDefinition="AppHostOnly" overrideModeDefault="Deny"/>
              <section name="httpErrors" overrideModeDefault="Allow" allowLocation="false"/>
            </sectionGroup>
          </configSections>
          <system.webServer>
            <defaultDocument enabled="true"><files>
              \(files.map { "<add value=\"\($0)\"/>" }.joined())
            </files></defaultDocument>
            <staticContent><mimeMap fileExtension=".htm" mimeType="text/html"/></staticContent>
          </system.webServer>
          \(extra)
        </configuration>
        """
    }

    @Test func entriesOfAPrependCollectionGoBeforeInheritedOnes() throws {
        host.addSite("Site")
        host.writeWebConfig(
            "Site/web.config",
            #"<defaultDocument><files><add value="home1.html"/><add value="home2.html"/></files></defaultDocument>"#)
        let section = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site"))
            .section("system.webServer/defaultDocument")
        #expect(
            section.element("files").list("value")
                == ["home1.html", "home2.html", "Default.htm", "Default.asp", "index.htm"])
    }

    @Test func aServersLocationForASiteComesBeforeTheSitesOwnFile() throws {
        host.addSite("WebSite1")
        host.writeWebConfig(
            "WebSite1/web.config",
            #"<defaultDocument enabled="true"><files><add value="home2.html"/></files></defaultDocument>"#)
        let location = """
            <location path="WebSite1"><system.webServer>
            <defaultDocument enabled="false"><files><add value="home1.html"/></files></defaultDocument>
            </system.webServer></location>
            """
        let section = try host.system(serverText(location)).configuration(at: ConfigurationPath(site: "website1"))
            .section("system.webServer/defaultDocument")
        #expect(section.bool("enabled"))
        #expect(
            section.element("files").list("value")
                == ["home2.html", "home1.html", "Default.htm", "Default.asp", "index.htm"])
        #expect(section.source("enabled").file?.hasSuffix("WebSite1/web.config") == true)
        #expect(section.element("files").items[1].source.locationPath == "WebSite1")
    }

    /// Reference §3.3: a location of a shallow file for a deep path comes after the folders above that path, before the
    /// path's own file.
    @Test func aLocationTakesItsPlaceAtItsPathAndNotAtItsFile() throws {
        host.addSite("Site", applications: ["/", "/app"])
        host.writeWebConfig("Site/web.config", #"<directoryBrowse enabled="true" showFlags="Date"/>"#)
        let location =
            #"<location path="Site/app"><system.webServer><directoryBrowse showFlags="Size"/></system.webServer></location>"#
        let system = try host.system(serverText(location))
        func flags(_ path: String) throws -> String {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path)).section(
                "system.webServer/directoryBrowse"
            )
            .member("showFlags")
        }
        #expect(try flags("/") == "Date")
        #expect(try flags("/app") == "Size")
        host.writeWebConfig("Site/app/web.config", #"<directoryBrowse showFlags="Time"/>"#)
        #expect(try flags("/app") == "Time")
        let app = try system.configuration(at: ConfigurationPath(site: "Site", path: "/app/x.htm"))
        #expect(try app.section("system.webServer/directoryBrowse").bool("enabled"))
    }

    @Test func aLocationMayNameAFile() throws {
        host.addSite("Site")
        host.write(
            "Site/web.config",
            """
            <configuration><location path="Docs/Page.htm"><system.webServer>
            <directoryBrowse enabled="true"/></system.webServer></location></configuration>
            """)
        host.makeFolder("Site/docs")
        let system = try host.system(serverText())
        func enabled(_ path: String) throws -> Bool {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path), isFile: true)
                .section("system.webServer/directoryBrowse").bool("enabled")
        }
        #expect(try enabled("/docs/page.htm"))
        #expect(try !enabled("/docs/other.htm"))
    }

    @Test func whatIsKeptFromChildApplicationsHoldsInTheApplicationItselfOnly() throws {
        host.addSite("Site", applications: ["/", "/child", "/child/grandchild"])
        host.makeFolder("Site/folder")
        host.write(
            "Site/web.config",
            """
            <configuration><location path="." inheritInChildApplications="false"><system.webServer>
            <directoryBrowse enabled="true"/></system.webServer></location>
            <system.webServer><staticContent><mimeMap fileExtension=".x" mimeType="text/x"/></staticContent></system.webServer>
            </configuration>
            """)
        let system = try host.system(serverText())
        func browse(_ path: String) throws -> Bool {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path)).section(
                "system.webServer/directoryBrowse"
            )
            .bool("enabled")
        }
        #expect(try browse("/"))
        #expect(try browse("/folder"))
        #expect(try !browse("/child"))
        #expect(try !browse("/child/grandchild"))
        let types = try system.configuration(at: ConfigurationPath(site: "Site", path: "/child"))
            .section("system.webServer/staticContent")
        #expect(types.list("fileExtension") == [".htm", ".x"])
    }

    @Test func removeAndClearTakeInheritedEntriesAway() throws {
        host.addSite("Site", applications: ["/"])
        host.writeWebConfig(
            "Site/web.config",
            #"<defaultDocument><files><remove value="DEFAULT.ASP"/><remove value="not there"/><add value="a"/></files></defaultDocument>"#
        )
        host.writeWebConfig(
            "Site/deep/web.config",
            #"<defaultDocument><files><add value="b"/><clear/><add value="c"/></files></defaultDocument>"#)
        let system = try host.system(serverText())
        func files(_ path: String) throws -> [String] {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path)).section(
                "system.webServer/defaultDocument"
            )
            .element("files").list("value")
        }
        #expect(try files("/") == ["a", "Default.htm", "index.htm"])
        #expect(try files("/deep") == ["c"])
    }

    @Test func addingAnInheritedKeyAgainIsADuplicateWithItsLine() throws {
        host.addSite("Site")
        host.writeWebConfig(
            "Site/web.config", "<staticContent>\n<mimeMap fileExtension=\".HTM\" mimeType=\"text/x\"/></staticContent>")
        let configuration = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site"))
        let error = configurationError { _ = try configuration.section("system.webServer/staticContent") }
        #expect(
            error?.message
                == "Cannot add duplicate collection entry of type 'mimeMap' with unique key attribute 'fileExtension' set to '.HTM'"
        )
        #expect(error?.line == 4 && error?.code == 0x8007_00B7)
        #expect(throws: Never.self) { try configuration.section("system.webServer/defaultDocument") }
    }

    @Test func aFileWithoutSectionsOfItsOwnLiesOverTheBuiltInOnes() throws {
        host.addSite("Site")
        let system = try host.system(
            """
            <configuration><system.webServer><staticContent>
            <mimeMap fileExtension=".html" mimeType="text/x-mine"/><remove fileExtension=".css"/>
            </staticContent></system.webServer></configuration>
            """)
        let types = try system.configuration(at: ConfigurationPath(site: "Site")).section(
            "system.webServer/staticContent")
        let html = types.items.filter { $0.string("fileExtension") == ".html" }
        #expect(html.map { $0.string("mimeType") } == ["text/x-mine"])
        #expect(!types.list("fileExtension").contains(".css"))
        #expect(types.items.count > 300)
    }

    @Test func aWebConfigMayNotAddAgainWhatIsBuiltIn() throws {
        host.addSite("Site")
        host.writeWebConfig(
            "Site/web.config", #"<staticContent><mimeMap fileExtension=".html" mimeType="text/x"/></staticContent>"#)
        let configuration = try host.system().configuration(at: ConfigurationPath(site: "Site"))
        #expect(
            configurationError { _ = try configuration.section("system.webServer/staticContent") }?.code == 0x8007_00B7)
    }

    @Test func valuesKnowTheLineTheyComeFrom() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/web.config", "<directoryBrowse\n  showFlags=\"Date\"\n  enabled=\"true\"/>")
        let section = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site"))
            .section("system.webServer/directoryBrowse")
        #expect(section.source("enabled").line == 5)
        #expect(section.source("showFlags").line == 4)
        #expect(section.source.line == 3)
        let types = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site"))
            .section("system.webServer/staticContent")
        #expect(types.element("clientCache").source("setEtag") == .schemaDefault)
        #expect(types.element("clientCache").bool("setEtag"))
    }

    @Test func aVirtualDirectoryMayKeepItsSubfoldersFilesOut() throws {
        host.addSite("Site", allowSubDirConfig: false)
        host.writeWebConfig("Site/web.config", #"<directoryBrowse showFlags="Date"/>"#)
        host.writeWebConfig("Site/sub/web.config", #"<directoryBrowse showFlags="Size"/>"#)
        let section = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site", path: "/sub"))
            .section("system.webServer/directoryBrowse")
        #expect(section.member("showFlags") == "Date")
    }

    @Test func aPoolMayKeepEveryWebConfigOut() throws {
        host.addSite("Site", readsWebConfig: false)
        host.writeWebConfig("Site/web.config", #"<directoryBrowse showFlags="Date"/>"#)
        let section = try host.system(serverText()).configuration(at: ConfigurationPath(site: "Site"))
            .section("system.webServer/directoryBrowse")
        #expect(section.member("showFlags") == "Date, Time, Size, Extension")
    }

    /// Reference §3.4: the path need not exist on disk; an application's own routes have no folders.
    @Test func aLocationHoldsAlsoWhereNoFolderOfItsPathExists() throws {
        host.addSite("Site")
        let location =
            #"<location path="Site/Admin/Users/Edit"><system.webServer><directoryBrowse enabled="true"/></system.webServer></location>"#
        let system = try host.system(serverText(location))
        func enabled(_ path: String) throws -> Bool {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path), isFile: true)
                .section("system.webServer/directoryBrowse").bool("enabled")
        }
        #expect(try enabled("/admin/users/edit"))
        #expect(try enabled("/admin/users/edit/7"))
        #expect(try !enabled("/admin/users"))
        #expect(try !enabled("/admin/use/edit"))
    }

    /// Reference §3.2: a virtual directory's file is read at its URL, whatever lies on the way there.
    @Test func anApplicationBelowAPathWithoutFolderReadsItsOwnFile() throws {
        host.addSite("Site", applications: ["/"])
        let system = try ConfigurationSystem(
            server: host.server(serverText()),
            layout: { [folder = host.folder] _ in
                func directory(_ path: String, _ place: String) -> SiteLayout.Directory {
                    SiteLayout.Directory(
                        path: path, physicalPath: "\(folder)/\(place)", allowsSubdirectoryConfiguration: true)
                }
                return SiteLayout(
                    name: "Site",
                    applications: [
                        SiteLayout.Application(
                            path: "/", readsWebConfig: true, directories: [directory("/", "Site")]),
                        SiteLayout.Application(
                            path: "/services/api", readsWebConfig: true,
                            directories: [directory("/", "api"), directory("/deep/files", "files")]),
                    ])
            })
        host.writeWebConfig("api/web.config", #"<directoryBrowse enabled="true" showFlags="Date"/>"#)
        host.writeWebConfig("files/web.config", #"<directoryBrowse showFlags="Size"/>"#)
        let api = try system.configuration(at: ConfigurationPath(site: "Site", path: "/Services/API"))
        #expect(api.isApplicationRoot)
        #expect(try api.section("system.webServer/directoryBrowse").bool("enabled"))
        let files = try system.configuration(at: ConfigurationPath(site: "Site", path: "/services/api/deep/files/x"))
            .section("system.webServer/directoryBrowse")
        #expect(files.bool("enabled") && files.member("showFlags") == "Size")
    }
}
