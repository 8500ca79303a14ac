import AppCmd
import Testing

/// Changes: the answers of §7.3, the command lines of §7.7, and the bytes that are written.
@Suite struct ChangeTests {
    private let instance = TestInstance()

    private func expect(
        _ answer: Answer, _ text: String, _ at: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.text() == text, sourceLocation: at)
        #expect(answer.code == 0, sourceLocation: at)
    }

    /// What was `old` in the file is `new` now, and nothing else is different.
    private func expectChange(_ old: String, _ new: String, _ at: SourceLocation = #_sourceLocation) {
        #expect(instance.text == TestInstance.usual.replacing(old, with: new), sourceLocation: at)
    }

    private let usualSections = "    </system.applicationHost>\n"

    private func expectSection(_ section: String, _ at: SourceLocation = #_sourceLocation) {
        expectChange(usualSections, usualSections + section, at)
    }

    private func applied(_ section: String) -> String {
        "Applied configuration changes to section \"\(section)\" for \"MACHINE/WEBROOT/APPHOST\" at configuration "
            + "commit path \"MACHINE/WEBROOT/APPHOST\"\n"
    }

    // MARK: Objects

    @Test func anAddedSiteHasItsRootAndTheNextNumber() {
        expect(
            instance.run("add", "site", "/name:New", "/bindings:http/*:81:,https/*:443:n", "/physicalPath:/srv/new"),
            "SITE object \"New\" added\nAPP object \"New/\" added\nVDIR object \"New/\" added\n")
        expectChange(
            """
                    </sites>

            """,
            """
                        <site name="New" id="8">
                            <application path="/">
                                <virtualDirectory path="/" physicalPath="/srv/new" />
                            </application>
                            <bindings>
                                <binding protocol="http" bindingInformation="*:81:" />
                                <binding protocol="https" bindingInformation="*:443:n" />
                            </bindings>
                        </site>
                    </sites>

            """)
    }

    @Test func aSiteWithoutAFolderHasNoApplication() {
        expect(
            instance.run("add", "site", "/name:New", "/id:3", "/serverAutoStart:FALSE"), "SITE object \"New\" added\n")
        #expect(instance.text.contains("<site name=\"New\" id=\"3\" serverAutoStart=\"false\" />"))
        expect(
            instance.run("add", "app", "/site.name:New", "/path:/", "/physicalPath:/srv/n"),
            "APP object \"New/\" added\nVDIR object \"New/\" added\n")
        #expect(instance.says("list", "vdir", "New/") == "VDIR \"New/\" (physicalPath:/srv/n)\n")
    }

    @Test func applicationsAndDirectoriesAreAddedBehindTheirKind() {
        expect(
            instance.run(
                "add", "app", "/site.name:default web site", "/path:/app2", "/physicalPath:/srv/app2",
                "/applicationPool:Plain"),
            "APP object \"Default Web Site/app2\" added\nVDIR object \"Default Web Site/app2/\" added\n")
        expect(
            instance.run("add", "vdir", "/app.name:MySite/", "/path:/v", "/physicalPath:C:\\v"),
            "VDIR object \"MySite/v\" added\n")
        #expect(instance.says("list", "vdir", "MySite/v", "/text:physicalPath") == "C:\\v\n")
        #expect(
            instance.says("list", "app", "/site.name:Default Web Site", "/text:path") == "/\n/app1\n/app2\n")
    }

    @Test func poolsAreAdded() {
        expect(
            instance.run(
                "add", "apppool", "/name:P", "/managedRuntimeVersion:", "/processModel.idleTimeout:0.00:00:00"),
            "APPPOOL object \"P\" added\n")
        #expect(
            instance.says("list", "apppool", "P", "/config") == """
                <add name="P" managedRuntimeVersion="">
                  <processModel idleTimeout="00:00:00" />
                </add>

                """)
    }

    @Test func aSettingChangesItsBytesAlone() {
        expect(instance.run("set", "site", "MySite", "/serverAutoStart:true"), "SITE object \"MySite\" changed\n")
        expectChange("serverAutoStart=\"false\"", "serverAutoStart=\"true\"")
    }

    @Test func aDirectorysFolderIsSet() {
        expect(instance.run("set", "vdir", "MySite/", "/physicalPath:/srv/other"), "VDIR object \"MySite/\" changed\n")
        expectChange("/srv/mine", "/srv/other")
    }

    @Test func anApplicationsPoolIsSet() {
        expect(instance.run("set", "app", "MySite/", "/applicationPool:Plain"), "APP object \"MySite/\" changed\n")
        #expect(instance.says("list", "app", "MySite/") == "APP \"MySite/\" (applicationPool:Plain)\n")
        expect(
            instance.run("set", "site", "MySite", "/[path='/'].applicationPool:DefaultAppPool"),
            "SITE object \"MySite\" changed\n")
        #expect(instance.says("list", "app", "MySite/", "/text:applicationPool") == "DefaultAppPool\n")
        expect(
            instance.run("set", "site", "MySite", "/[path='/'].[path='/'].physicalPath:/x"),
            "SITE object \"MySite\" changed\n")
        #expect(instance.says("list", "vdir", "MySite/", "/text:physicalPath") == "/x\n")
    }

    @Test func bindingsAreAddedRemovedAndReplaced() {
        expect(
            instance.run(
                "set", "site", "/site.name:MySite",
                "/+bindings.[protocol='https',bindingInformation='*:443:m',sslFlags='1']"),
            "SITE object \"MySite\" changed\n")
        #expect(instance.says("list", "site", "MySite", "/text:bindings") == "https/*:443:m\n")
        expect(
            instance.run(
                "set", "site", "Default Web Site", "/-bindings.[protocol='http',bindingInformation='*:80:']",
                "/+bindings.[protocol='http',bindingInformation='*:8080:']"),
            "SITE object \"Default Web Site\" changed\n")
        #expect(instance.says("list", "site", "/id:1", "/text:bindings") == "https/*:443:h,http/*:8080:\n")
        expect(
            instance.run("set", "site", "Default Web Site", "/bindings:http/*:90:a,http/*:90:b"),
            "SITE object \"Default Web Site\" changed\n")
        #expect(instance.says("list", "site", "/id:1", "/text:bindings") == "http/*:90:a,http/*:90:b\n")
        #expect(instance.comments.count == 3)
    }

    @Test func aSiteIsRenamed() {
        expect(instance.run("set", "site", "MySite", "/name:Yours"), "SITE object \"MySite\" changed\n")
        expectChange("name=\"MySite\"", "name=\"Yours\"")
    }

    @Test func objectsAreDeletedWithWhatTheyHold() {
        expect(instance.run("delete", "site", "MySite"), "SITE object \"MySite\" deleted\n")
        let start = TestInstance.usual.firstRange(of: "\n            <site name=\"MySite\"")!.lowerBound
        let end = TestInstance.usual.firstRange(of: "\n        </sites>")!.lowerBound
        #expect(instance.text == TestInstance.usual[..<start] + TestInstance.usual[end...])
        expect(instance.run("delete", "app", "Default Web Site/app1"), "APP object \"Default Web Site/app1\" deleted\n")
        expect(instance.run("delete", "vdir", "Default Web Site/"), "VDIR object \"Default Web Site/\" deleted\n")
        expect(instance.run("delete", "apppool", "/apppool.name:Plain"), "APPPOOL object \"Plain\" deleted\n")
        #expect(instance.says("list", "vdir") == "")
    }

    @Test func aSecretIsSealed() {
        expect(
            instance.run("set", "apppool", "Plain", "/processModel.userName:me", "/processModel.password:secret"),
            "APPPOOL object \"Plain\" changed\n")
        #expect(instance.text.contains("password=\"[enc:Test:6:enc]\""))
        #expect(!instance.text.contains("secret"))
        #expect(!instance.comments.joined().contains("secret"))
    }

    // MARK: The most used command lines (§7.7)

    @Test func idleTimeOutOfAPool() {
        expect(
            instance.run("set", "apppool", "/apppool.name:DefaultAppPool", "/processModel.idleTimeout:0.00:00:00"),
            "APPPOOL object \"DefaultAppPool\" changed\n")
        expectChange(
            "v4.0\" />", "v4.0\">\n                <processModel idleTimeout=\"00:00:00\" />\n            </add>")
    }

    @Test func periodicRestartThroughTheSection() {
        expect(
            instance.run(
                "set", "config", "/section:applicationPools",
                "/[name='DefaultAppPool'].recycling.periodicRestart.time:00:00:00"),
            applied("system.applicationHost/applicationPools"))
        #expect(
            instance.says("list", "apppool", "DefaultAppPool", "/text:recycling.periodicRestart.time") == "00:00:00\n")
    }

    @Test func environmentVariableOfAPool() {
        expect(
            instance.run(
                "set", "config", "-section:system.applicationHost/applicationPools",
                "/+[name='DefaultAppPool'].environmentVariables.[name='A',value='B']", "/commit:apphost"),
            applied("system.applicationHost/applicationPools"))
        expectChange(
            "v4.0\" />",
            """
            v4.0">
                            <environmentVariables>
                                <add name="A" value="B" />
                            </environmentVariables>
                        </add>
            """)
        expect(
            instance.run(
                "clear", "config", "/section:applicationPools",
                "/[name='DefaultAppPool'].environmentVariables.[name='A']"),
            applied("system.applicationHost/applicationPools"))
        #expect(!instance.text.contains("name=\"A\""))
    }

    @Test func compressionTypes() {
        expect(
            instance.run(
                "set", "config", "/section:httpCompression",
                "/+dynamicTypes.[mimeType='application/wasm',enabled='True']"),
            applied("system.webServer/httpCompression"))
        expectSection(
            """
                <system.webServer>
                    <httpCompression>
                        <dynamicTypes>
                            <add mimeType="application/wasm" enabled="true" />
                        </dynamicTypes>
                    </httpCompression>
                </system.webServer>

            """)
    }

    @Test func fastCGIApplications() {
        expect(
            instance.run(
                "set", "config", "/section:system.webServer/fastCgi",
                "/+[fullPath='C:\\python\\python.exe',arguments='C:\\wfastcgi.py',maxInstances='4']"),
            applied("system.webServer/fastCgi"))
        #expect(
            instance.text.contains(
                "<application fullPath=\"C:\\python\\python.exe\" arguments=\"C:\\wfastcgi.py\" maxInstances=\"4\" />"))
        expect(instance.run("clear", "config", "/section:fastCGI"), applied("system.webServer/fastCgi"))
        #expect(!instance.text.contains("python"))
    }

    @Test func authenticationOfASiteInALocation() {
        let site = "MACHINE/WEBROOT/APPHOST/MySite"
        expect(
            instance.run(
                "set", "config", "MySite", "-section:system.webServer/security/authentication/windowsAuthentication",
                "/enabled:True", "/commit:apphost"),
            "Applied configuration changes to section "
                + "\"system.webServer/security/authentication/windowsAuthentication\" for \"\(site)\" at configuration "
                + "commit path \"MACHINE/WEBROOT/APPHOST\"\n")
        expectSection(
            """
                <location path="MySite">
                    <system.webServer>
                        <security>
                            <authentication>
                                <windowsAuthentication enabled="true" />
                            </authentication>
                        </security>
                    </system.webServer>
                </location>

            """)
    }

    @Test func handlersAreUnlockedAndLocked() {
        expect(
            instance.run("unlock", "config", "/section:system.webServer/handlers"),
            "Unlocked section \"system.webServer/handlers\" at configuration path \"MACHINE/WEBROOT/APPHOST\".\n")
        expectSection(
            """
                <location path="" overrideMode="Allow">
                    <system.webServer>
                        <handlers />
                    </system.webServer>
                </location>

            """)
        expect(
            instance.run("lock", "config", "/section:handlers"),
            "Locked section \"system.webServer/handlers\" at configuration path \"MACHINE/WEBROOT/APPHOST\".\n")
        #expect(instance.text.contains("<location path=\"\" overrideMode=\"Deny\">"))
    }

    @Test func aWrittenSectionIsLockedWithAllThatItSays() {
        let section =
            "    <system.webServer><urlCompression doStaticCompression='false'/><!-- kept --></system.webServer>\n"
        instance.text = TestInstance.usual.replacing("</configuration>", with: section + "</configuration>")
        #expect(instance.run("lock", "config", "/section:urlCompression").code == 0)
        #expect(
            instance.text.contains(
                """
                    <location path="" overrideMode="Deny">
                        <system.webServer>
                            <urlCompression doStaticCompression='false'/>
                        </system.webServer>
                    </location>
                """))
        #expect(instance.text.contains("<system.webServer><!-- kept --></system.webServer>"))
    }

    @Test func pipesStartStoppedPools() {
        instance.running = TestInstance.started
        instance.piped = instance.says("list", "apppool", "/state:Stopped", "/xml")
        expect(instance.run("start", "apppool", "/in"), "\"Plain\" successfully started.\n")
        #expect(instance.orders == [.startPool("Plain")])
    }

    @Test func ordersAnswerAsOnIIS() {
        instance.running = TestInstance.started
        expect(instance.run("start", "site", "mysite"), "\"MySite\" successfully started.\n")
        expect(
            instance.run("stop", "site", "/site.name:Default Web Site"), "\"Default Web Site\" successfully stopped\n")
        expect(instance.run("recycle", "apppool", "DefaultAppPool"), "\"DefaultAppPool\" successfully recycled\n")
        #expect(
            instance.orders == [.startSite("MySite"), .stopSite("Default Web Site"), .recycle(pool: "DefaultAppPool")])
    }

    @Test func backupsAreAddedRestoredAndDeleted() {
        expect(instance.run("add", "backup"), "BACKUP object \"20261128T120000\" added\n")
        expect(instance.run("add", "backup", "MyBackup"), "BACKUP object \"MyBackup\" added\n")
        #expect(instance.run("add", "backup", "MyBackup").code == 183)
        expect(
            instance.run("restore", "backup", "MyBackup", "/stop:false"),
            "Restored configuration from backup \"MyBackup\"\n")
        #expect(instance.run("restore", "backup", "Other").code == 1168)
        expect(instance.run("delete", "backup", "MyBackup"), "BACKUP object \"MyBackup\" deleted\n")
    }

    @Test func anApplicationsPathIsItsAlone() {
        #expect(
            instance.says("set", "app", "Default Web Site/app1", "/path:/")
                == "ERROR ( message:Failed to add duplicate collection element \"/\". )\n")
        #expect(instance.text == TestInstance.usual)
        expect(
            instance.run("set", "app", "Default Web Site/app1", "/path:/app2"),
            "APP object \"Default Web Site/app1\" changed\n")
        expectChange("path=\"/app1\"", "path=\"/app2\"")
    }

    // MARK: Collections with inherited items

    @Test func aDefaultDocumentIsPutAtTheStart() {
        #expect(
            instance.run("set", "config", "/section:defaultDocument", "/+files.[@start,value='index.php']").code == 0)
        #expect(
            instance.says("list", "config", "/section:defaultDocument").contains(
                "    <files>\n      <add value=\"index.php\" />\n      <add value=\"Default.htm\" />"))
        #expect(
            instance.run("set", "config", "/section:defaultDocument", "/+files.[@end,value='last.html']").code == 0)
        #expect(
            instance.says("list", "config", "/section:defaultDocument").contains(
                "      <add value=\"default.aspx\" />\n      <add value=\"last.html\" />\n    </files>"))
        #expect(
            instance.run("set", "config", "/section:defaultDocument", "/+files.[@1,value='second.html']").code == 0)
        #expect(
            instance.says("list", "config", "/section:defaultDocument").contains(
                "<add value=\"index.php\" />\n      <add value=\"second.html\" />\n      <add value=\"Default.htm\" />")
        )
    }

    @Test func anInheritedItemIsRemovedAndComesBack() {
        #expect(instance.run("set", "config", "/section:defaultDocument", "/-files.[value='Default.asp']").code == 0)
        expectSection(
            """
                <system.webServer>
                    <defaultDocument>
                        <files>
                            <remove value="Default.asp" />
                        </files>
                    </defaultDocument>
                </system.webServer>

            """)
        #expect(!instance.says("list", "config", "/section:defaultDocument").contains("Default.asp"))
        #expect(instance.run("clear", "config", "/section:defaultDocument", "/delete").code == 0)
        #expect(instance.text == TestInstance.usual)
    }

    @Test func anInheritedItemIsChangedWhereItStands() {
        #expect(
            instance.run("set", "config", "/section:handlers", "/[name='StaticFile'].requireAccess:Script").code == 0)
        let handlers = instance.says("list", "config", "/section:handlers").split(separator: "\n")
        #expect(handlers.filter { $0.contains("name=\"StaticFile\"") }.count == 1)
        // It catches all: what was before it is still before it.
        #expect(handlers.dropLast(2).last?.contains("name=\"StaticFile\"") == true)
    }

    @Test func severalOperationsAreOneChange() {
        #expect(
            instance.run(
                "set", "config", "/section:applicationPools", "/+[name='A']", "/[name='A'].queueLength:2000",
                "/[name='A'].processModel.maxProcesses:2", "/-[name='Plain']"
            ).code == 0)
        #expect(instance.comments.count == 1)
        #expect(
            instance.says("list", "apppool", "A", "/config") == """
                <add name="A" queueLength="2000">
                  <processModel maxProcesses="2" />
                </add>

                """)
        let before = instance.text
        // The last one is wrong: nothing is done.
        #expect(
            instance.run(
                "set", "config", "/section:applicationPools", "/+[name='B']", "/[name='C'].queueLength:2000"
            ).code == 4312)
        #expect(instance.text == before)
    }

    @Test func resetGivesBackWhatANewServerHas() {
        #expect(instance.run("set", "config", "/section:listenerAdapters", "/+[name='net.tcp']").code == 0)
        #expect(instance.run("reset", "config", "-section:system.applicationHost/listenerAdapters").code == 0)
        #expect(!instance.text.contains("net.tcp"))
    }

    @Test func searchFindsWhereSomethingIsSet() {
        #expect(
            instance.run(
                "set", "config", "MySite", "/section:directoryBrowse", "/enabled:true", "/commit:apphost"
            ).code == 0)
        expect(
            instance.run("search", "config", "/section:directoryBrowse"),
            "CONFIGSEARCH \"MACHINE/WEBROOT/APPHOST/MySite\"\n")
        expect(
            instance.run("search", "config", "/section:directoryBrowse", "/enabled:true"),
            "CONFIGSEARCH \"MACHINE/WEBROOT/APPHOST/MySite\"\n")
        #expect(instance.run("search", "config", "/section:directoryBrowse", "/enabled:false").code == 1)
        expect(
            instance.run("search", "config", "/section:sites", "/[name='MySite'].id"),
            "CONFIGSEARCH \"MACHINE/WEBROOT/APPHOST\"\n")
    }

    @Test func searchWithoutASectionSaysALineForEachPathThatSetsAnything() {
        for site in ["MySite", "Default Web Site"] {
            #expect(
                instance.run(
                    "set", "config", site, "/section:directoryBrowse", "/enabled:true", "/commit:apphost"
                ).code == 0)
        }
        let lines = instance.says("search", "config").split(separator: "\n")
        #expect(
            lines.sorted() == [
                #"CONFIGSEARCH "MACHINE/WEBROOT/APPHOST""#,
                #"CONFIGSEARCH "MACHINE/WEBROOT/APPHOST/Default Web Site""#,
                #"CONFIGSEARCH "MACHINE/WEBROOT/APPHOST/MySite""#,
            ])
    }

    // MARK: Pipes

    @Test func exportedObjectsAreAddedElsewhere() {
        let other = TestInstance("<configuration/>")
        other.piped = instance.says("list", "apppool", "/config", "/xml")
        expect(
            other.run("add", "apppool", "/in"),
            "APPPOOL object \"DefaultAppPool\" added\nAPPPOOL object \"Plain\" added\n")
        other.piped = instance.says("list", "site", "/config", "/xml")
        expect(
            other.run("add", "site", "/in"), "SITE object \"Default Web Site\" added\nSITE object \"MySite\" added\n")
        for kind in ["site", "app", "vdir", "apppool"] {
            #expect(other.says("list", kind) == instance.says("list", kind), "\(kind)")
        }
        // Those that are there are told; others go on.
        other.piped = instance.says("list", "site", "/config", "/xml").replacing("\"MySite\"", with: "\"Third\"")
            .replacing("id=\"7\"", with: "id=\"9\"").replacing("SITE.ID=\"7\"", with: "SITE.ID=\"9\"")
        let answer = other.run("add", "site", "-")
        #expect(answer.code == 183)
        #expect(
            answer.lines == [
                "SITE object \"Third\" added",
                "ERROR ( message:Failed to add duplicate collection element \"Default Web Site\". )",
            ])
    }

    @Test func anExportWithDefaultsIsAddedToo() {
        let other = TestInstance("<configuration/>")
        other.piped = instance.says("list", "apppool", "/config:*", "/xml")
        #expect(other.run("add", "apppool", "/in").code == 0)
        other.piped = instance.says("list", "site", "/config:*", "/xml")
        let answer = other.run("add", "site", "/in")
        #expect(answer.code == 0, "\(answer.lines)")
        #expect(other.says("list", "vdir") == instance.says("list", "vdir"))
    }

    @Test func relationsLeadFromObjectToObject() {
        instance.running = TestInstance.started
        instance.piped = instance.says("list", "site", "MySite", "/xml")
        #expect(instance.says("list", "app", "/in", "/text:app.name") == "MySite/\n")
        instance.piped = instance.says("list", "app", "/site.name:Default Web Site", "/xml")
        #expect(
            instance.says("list", "vdir", "/in", "/text:vdir.name")
                == "Default Web Site/\nDefault Web Site/app1/\nDefault Web Site/app1/vdir1\n")
        #expect(instance.says("list", "apppool", "/in", "/text:name") == "DefaultAppPool\nPlain\n")
        instance.piped = instance.says("list", "apppool", "DefaultAppPool", "/xml")
        #expect(instance.says("list", "wp", "/in", "/text:wp.name") == "3577\n")
        expect(
            instance.run("set", "app", "/in", "/enabledProtocols:http"),
            "APP object \"Default Web Site/\" changed\nAPP object \"MySite/\" changed\n")
    }

    @Test func configurationIsPipedBack() {
        let other = TestInstance()
        #expect(
            instance.run("set", "config", "/section:defaultDocument", "/enabled:false", "/+files.[value='x.html']").code
                == 0)
        other.piped = instance.says("list", "config", "/section:defaultDocument", "/xml", "/config")
        #expect(other.run("set", "config", "/in").code == 0)
        #expect(
            other.says("list", "config", "/section:defaultDocument", "/text:enabled") == "false\n")
    }

    @Test func manyPipedChangesAreWrittenAtOnceOrNotAtAll() {
        instance.piped = instance.says("list", "module", "/xml")
        #expect(instance.run("delete", "module", "/in").code == 0)
        #expect(instance.run("list", "module").code == 1)
        #expect(instance.comments.count == 1)
        let other = TestInstance()
        let names = ["StaticFileModule", "Nosuch"].map { "<MODULE MODULE.NAME=\"\($0)\" />" }
        other.piped = "<appcmd>\(names.joined())</appcmd>"
        #expect(
            other.run("delete", "module", "/in")
                == Answer(["ERROR ( message:Cannot find MODULE object with identifier \"Nosuch\". )"], code: 1168))
        #expect(other.text == TestInstance.usual)
    }

    @Test func whatHoldsAlreadyIsNotWrittenAgain() {
        instance.piped = instance.says("list", "config", "/xml")
        #expect(instance.run("set", "config", "/in").code == 0)
        #expect(instance.text == TestInstance.usual)
        instance.piped = instance.says("list", "config", "/section:defaultDocument", "/xml")
            .replacing("iisstart.htm", with: "begin.htm")
        #expect(instance.run("set", "config", "/in").code == 0)
        expectSection(
            """
                <system.webServer>
                    <defaultDocument>
                        <files>
                            <add value="begin.htm" />
                        </files>
                    </defaultDocument>
                </system.webServer>

            """)
    }

    @Test func modulesAreAddedAndDeleted() {
        expect(instance.run("add", "module", "/name:Gate", "/type:Example.Gate"), "MODULE object \"Gate\" added\n")
        #expect(
            instance.says("list", "module", "Gate") == "MODULE \"Gate\" ( type:Example.Gate, preCondition: )\n")
        expect(
            instance.run("set", "module", "Gate", "/preCondition:managedHandler"), "MODULE object \"Gate\" changed\n")
        expect(instance.run("delete", "module", "gate"), "MODULE object \"Gate\" deleted\n")
        #expect(instance.run("list", "module", "Gate").code == 1)
        expect(
            instance.run("install", "module", "/name:Native", "/image:/usr/lib/n.so"),
            "GLOBAL MODULE object \"Native\" added\nMODULE object \"Native\" added\n")
        #expect(instance.says("list", "module", "Native") == "MODULE \"Native\" ( native, preCondition: )\n")
        expect(
            instance.run("uninstall", "module", "Native"),
            "GLOBAL MODULE object \"Native\" deleted\nMODULE object \"Native\" deleted\n")
    }
}
