import AppCmd
import Testing

/// `migrate config`, which the pages of 500.22 and 500.23 tell to type.
@Suite struct MigrationTests {
    private let instance = TestInstance(
        TestInstance.usual.replacing(
            "    </system.applicationHost>\n",
            with: """
                    </system.applicationHost>
                    <location path="" overrideMode="Allow"><system.webServer><modules/><handlers/></system.webServer></location>

                """))

    @Test func modulesAndHandlersAreAddedWhereTheIntegratedPipelineReadsThem() {
        instance.files["/srv/mine/web.config"] = """
            <configuration>
                <system.web>
                    <httpModules><add name="Gate" type="Example.Gate"/></httpModules>
                    <httpHandlers><add path="*.foo" verb="GET" type="Example.Foo"/></httpHandlers>
                </system.web>
            </configuration>
            """
        let answer = instance.run("migrate", "config", "MySite/")
        #expect(
            answer
                == Answer([
                    "Successfully migrated section \"system.web/httpModules\".",
                    "Successfully migrated section \"system.web/httpHandlers\".",
                ]))
        let text = instance.files["/srv/mine/web.config"] ?? ""
        #expect(text.contains("<httpModules><add name=\"Gate\" type=\"Example.Gate\"/></httpModules>"))
        #expect(text.contains("<add name=\"Gate\" type=\"Example.Gate\" preCondition=\"managedHandler\" />"))
        #expect(
            text.contains(
                "<add name=\"*.foo_GET\" path=\"*.foo\" verb=\"GET\" type=\"Example.Foo\" preCondition=\"integratedMode\" />"
            ))
        #expect(text.contains("<validation validateIntegratedModeConfiguration=\"false\" />"))
        // Once more there is nothing new.
        #expect(instance.run("migrate", "config", "MySite/").code == 0)
        #expect(instance.files["/srv/mine/web.config"] == text)
    }

    @Test func whereThereIsNothingToMigrateNothingIsWritten() {
        #expect(
            instance.says("migrate", "config", "MySite/")
                == "No section of \"MACHINE/WEBROOT/APPHOST/MySite\" has to be migrated.\n")
        #expect(instance.files.isEmpty)
        #expect(instance.run("migrate", "config").code == 87)
        #expect(instance.run("migrate", "config", "Nosuch/").code == 1168)
    }
}
