import AppCmd
import Testing

/// Every shape of the reference's §7.3 and §7.5.
@Suite struct OutputTests {
    private func instance() -> TestInstance {
        let instance = TestInstance()
        instance.running = TestInstance.started
        return instance
    }

    @Test func aListOfSitesSaysNumberBindingsAndState() {
        #expect(
            instance().says("list", "site") == """
                SITE "Default Web Site" (id:1,bindings:http/*:80:,https/*:443:h,state:Started)
                SITE "MySite" (id:7,bindings:,state:Stopped)

                """)
    }

    @Test func withoutAServerStatesAreUnknown() {
        #expect(
            TestInstance().says("list", "sites", "MySite") == "SITE \"MySite\" (id:7,bindings:,state:Unknown)\n")
        #expect(
            TestInstance().says("list", "apppool", "Plain")
                == "APPPOOL \"Plain\" (MgdVersion:,MgdMode:Integrated,state:Unknown)\n")
    }

    @Test func aListOfApplicationsSaysThePool() {
        #expect(
            instance().says("list", "app") == """
                APP "Default Web Site/" (applicationPool:DefaultAppPool)
                APP "Default Web Site/app1" (applicationPool:Plain)
                APP "MySite/" (applicationPool:DefaultAppPool)

                """)
    }

    @Test func aListOfVirtualDirectoriesSaysTheFolderAsWritten() {
        #expect(
            instance().says("list", "vdir") == """
                VDIR "Default Web Site/" (physicalPath:%SystemDrive%/inetpub/wwwroot)
                VDIR "Default Web Site/app1/" (physicalPath:/srv/app1)
                VDIR "Default Web Site/app1/vdir1" (physicalPath:/srv/vdir1)
                VDIR "MySite/" (physicalPath:/srv/mine)

                """)
    }

    @Test func aListOfPoolsSaysRuntimeModeAndState() {
        #expect(
            instance().says("list", "apppool") == """
                APPPOOL "DefaultAppPool" (MgdVersion:v4.0,MgdMode:Integrated,state:Started)
                APPPOOL "Plain" (MgdVersion:,MgdMode:Integrated,state:Stopped)

                """)
    }

    @Test func aListOfWorkersSaysThePool() {
        #expect(instance().says("list", "wp") == "WP \"3577\" (applicationPool:DefaultAppPool)\n")
        #expect(instance().says("list", "wp", "/apppool.name:DefaultAppPool", "/text:WP.NAME") == "3577\n")
    }

    @Test func aListOfRequestsSaysWhereTheyAre() {
        let instance = instance()
        instance.atWork = [
            LiveRequest(
                name: "fb0000008000000e", site: "Default Web Site", pool: "DefaultAppPool", pid: 3577, verb: "GET",
                url: "/wait.aspx?time=10000", client: "127.0.0.1", stage: "ExecuteRequestHandler",
                module: "ManagedPipelineHandler",
                milliseconds: 4276),
            LiveRequest(
                name: "fb0000008000000f", site: "MySite", pool: "Plain", pid: nil, verb: "POST", url: "/",
                client: "192.0.2.1", stage: "SendResponse", module: "", milliseconds: 3),
        ]
        #expect(
            instance.says("list", "request", "/elapsed:1000")
                == "REQUEST \"fb0000008000000e\" (url:GET /wait.aspx?time=10000, time:4276 msec, client:localhost, "
                + "stage:ExecuteRequestHandler, module:ManagedPipelineHandler)\n")
        #expect(instance.says("list", "requests", "/site.name:MySite", "/text:client") == "192.0.2.1\n")
        #expect(instance.says("list", "requests", "/wp.name:3577", "/text:time") == "4276\n")
    }

    @Test func aListOfModulesTellsNativeOnesFromManagedOnes() {
        let instance = TestInstance(
            TestInstance.usual.replacing(
                "</configuration>",
                with: """
                        <system.webServer><modules>
                            <add name="Session" type="System.Web.SessionState.SessionStateModule" preCondition="managedHandler"/>
                        </modules></system.webServer>
                    </configuration>
                    """))
        #expect(
            instance.says("list", "module", "StaticFileModule")
                == "MODULE \"StaticFileModule\" ( native, preCondition: )\n")
        #expect(
            instance.says("list", "modules", "session")
                == "MODULE \"Session\" ( type:System.Web.SessionState.SessionStateModule, preCondition:managedHandler )\n"
        )
    }

    @Test func aListOfBackupsNamesThem() {
        let instance = TestInstance()
        instance.kept = ["MyBackup", "CFGHISTORY_0000000016"]
        #expect(
            instance.says("list", "backup") == "BACKUP \"MyBackup\"\nBACKUP \"CFGHISTORY_0000000016\"\n")
    }

    @Test func textOfAnAttributePrintsItsValueAlone() {
        #expect(instance().says("list", "site", "/text:name") == "Default Web Site\nMySite\n")
        #expect(instance().says("list", "site", "MySite", "/text:id") == "7\n")
        #expect(instance().says("list", "site", "Default Web Site", "/text:bindings") == "http/*:80:,https/*:443:h\n")
        #expect(instance().says("list", "vdir", "MySite/", "/text:physicalPath") == "/srv/mine\n")
        #expect(
            instance().says("list", "apppool", "Plain", "/text:processModel.identityType")
                == "ApplicationPoolIdentity\n")
        #expect(instance().says("list", "apppool", "Plain", "/text:processModel.userName") == "\n")
        #expect(
            instance().says("list", "config", "/section:applicationPools", "/text:[name='Plain'].autoStart")
                == "false\n")
    }

    @Test func textOfAllPrintsATree() {
        let lines = instance().says("list", "apppool", "DefaultAppPool", "/text:*").split(separator: "\n")
        #expect(
            lines.prefix(9) == [
                "APPPOOL", "  APPPOOL.NAME:\"DefaultAppPool\"", "  PipelineMode:\"Integrated\"",
                "  RuntimeVersion:\"v4.0\"", "  state:\"Started\"", "  [add]", "    name:\"DefaultAppPool\"",
                "    queueLength:\"1000\"", "    autoStart:\"true\"",
            ])
        #expect(lines.contains("    [processModel]"))
        #expect(lines.contains("      idleTimeout:\"00:20:00\""))
        let site = instance().says("list", "site", "Default Web Site", "/text:*").split(separator: "\n")
        #expect(site.prefix(3) == ["SITE", "  SITE.NAME:\"Default Web Site\"", "  SITE.ID:\"1\""])
        #expect(site.contains("  [site]"))
        #expect(site.contains("    [bindings]"))
        #expect(site.contains("      [binding]"))
        #expect(site.contains("        bindingInformation:\"*:80:\""))
    }

    @Test func xmlHasOneElementForEachObject() {
        #expect(
            instance().says("list", "site", "MySite", "/xml") == """
                <?xml version="1.0" encoding="UTF-8"?>
                <appcmd>
                    <SITE SITE.NAME="MySite" SITE.ID="7" bindings="" state="Stopped" />
                </appcmd>

                """)
        #expect(
            instance().says("list", "app", "Default Web Site", "/xml").contains(
                "    <APP path=\"/\" APP.NAME=\"Default Web Site/\" APPPOOL.NAME=\"DefaultAppPool\" "
                    + "SITE.NAME=\"Default Web Site\" />\n"))
        #expect(
            instance().says("list", "vdir", "MySite/", "/xml").contains(
                "    <VDIR VDIR.NAME=\"MySite/\" physicalPath=\"/srv/mine\" path=\"/\" APP.NAME=\"MySite/\" />\n"))
        #expect(
            instance().says("list", "apppool", "/state:Started", "/xml").contains(
                "    <APPPOOL APPPOOL.NAME=\"DefaultAppPool\" PipelineMode=\"Integrated\" RuntimeVersion=\"v4.0\" "
                    + "state=\"Started\" />\n"))
        #expect(
            instance().says("list", "wp", "/xml").contains(
                "    <WP WP.NAME=\"3577\" APPPOOL.NAME=\"DefaultAppPool\" />\n"))
    }

    @Test func configurationOfAnObjectIsItsElement() {
        #expect(
            instance().says("list", "apppool", "Plain", "/config") == "<add name=\"Plain\" autoStart=\"false\" />\n")
        #expect(
            instance().says("list", "site", "MySite", "/config", "/xml") == """
                <?xml version="1.0" encoding="UTF-8"?>
                <appcmd>
                    <SITE SITE.NAME="MySite" SITE.ID="7" bindings="" state="Stopped">
                        <site name="MySite" id="7" serverAutoStart="false">
                            <application path="/">
                                <virtualDirectory path="/" physicalPath="/srv/mine" />
                            </application>
                        </site>
                    </SITE>
                </appcmd>

                """)
        #expect(
            instance().says("list", "apppool", "Plain", "/config:*").contains("queueLength=\"1000\""))
    }

    @Test func configurationOfASectionIsWhatIsWritten() {
        #expect(
            instance().says("list", "config", "/section:defaultDocument") == """
                <system.webServer>
                  <defaultDocument enabled="true">
                    <files>
                      <add value="Default.htm" />
                      <add value="Default.asp" />
                      <add value="index.htm" />
                      <add value="index.html" />
                      <add value="iisstart.htm" />
                      <add value="default.aspx" />
                    </files>
                  </defaultDocument>
                </system.webServer>

                """)
        let xml = instance().says("list", "config", "/section:system.webServer/directoryBrowse", "/xml")
        #expect(
            xml.contains(
                "    <CONFIG CONFIG.SECTION=\"system.webServer/directoryBrowse\" path=\"MACHINE/WEBROOT/APPHOST\" "
                    + "overrideMode=\"Inherit\" locked=\"false\">\n"
                    + "        <system.webServer-directoryBrowse enabled=\"false\" />\n    </CONFIG>\n"))
    }

    @Test func aQuestionMarkListsSections() {
        let all = instance().says("list", "config", "/section:?").split(separator: "\n")
        #expect(all.contains("system.webServer/defaultDocument"))
        let some = instance().says("list", "config", "/section:?system.applicationHost/*").split(separator: "\n")
        #expect(some.contains("system.applicationHost/sites"))
        #expect(!some.contains("system.webServer/defaultDocument"))
    }

    @Test func filtersNarrowAList() {
        #expect(instance().says("list", "app", "/apppool.name:plain", "/text:app.name") == "Default Web Site/app1\n")
        #expect(instance().says("list", "app", "/site.name:MySite", "/text:path") == "/\n")
        #expect(instance().says("list", "site", "/serverAutoStart:False", "/text:name") == "MySite\n")
        #expect(instance().says("list", "site", "/id:0x7", "/text:name") == "MySite\n")
        #expect(
            instance().says("list", "apppool", "/processModel.idleTimeout:0.00:20:00", "/text:name")
                == "DefaultAppPool\nPlain\n")
    }

    @Test func aURLNamesWhatItsBindingLeadsTo() {
        #expect(instance().says("list", "site", "http://www.example.com/app1/x", "/text:name") == "Default Web Site\n")
        #expect(instance().says("list", "app", "https://h/app1/x", "/text:app.name") == "Default Web Site/app1\n")
        #expect(
            instance().says("list", "vdir", "http://localhost/app1/vdir1/y", "/text:vdir.name")
                == "Default Web Site/app1/vdir1\n")
        #expect(instance().run("list", "site", "http://localhost:81/") == Answer([], code: 1))
    }

    @Test func aListOfTheConfigurationIsABlockForEachSectionThatIsSet() {
        let instance = TestInstance()
        #expect(
            instance.run("set", "config", "/section:directoryBrowse", "/enabled:true").code == 0)
        let text = instance.says("list", "config")
        #expect(text.contains("<system.applicationHost>\n  <applicationPools>\n"))
        #expect(text.contains("<system.applicationHost>\n  <sites>\n"))
        #expect(text.contains("<system.webServer>\n  <directoryBrowse enabled=\"true\" />\n</system.webServer>\n"))
        // Of what nobody has set there is none, unless it is asked for.
        #expect(!text.contains("<cors"))
        #expect(instance.says("list", "config", "/section:cors", "/config:*").contains("<cors enabled=\"false\""))
    }

    @Test func namesSteerNoTerminalAndKeepTheShapeOfALine() {
        let evil = "a&quot; (id:1),&#x9b;31m[&#10;SITE &lt;&#x202e;"
        let instance = TestInstance(TestInstance.usual.replacing("\"MySite\"", with: "\"\(evil)\""))
        #expect(
            instance.says("list", "site", "/id:7")
                == "SITE \"a\\\" (id:1),\\u009b31m[\\nSITE <\\u202e\" (id:7,bindings:,state:Unknown)\n")
        let xml = instance.says("list", "site", "/id:7", "/xml")
        #expect(
            xml.contains(
                "SITE.NAME=\"a&quot; (id:1),&#x9B;31m[&#10;SITE &lt;&#x202E;\""))
    }

    @Test func linesEndAsOnWindowsWhereThatIsWanted() {
        let instance = TestInstance()
        #expect(instance.run("list", "site", "/text:name").text(isWindows: true) == "Default Web Site\r\nMySite\r\n")
        #expect(instance.run("/?").text(isWindows: true).contains("\r\r\n"))
    }
}
