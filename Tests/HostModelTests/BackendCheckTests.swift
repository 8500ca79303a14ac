import HostModel
import Testing

/// What the check says of the sections of programs behind sites.
@Suite struct BackendCheckTests {
    private let folder = CheckFolder()

    private func messages(_ sections: String, module: String = "AspNetCoreModuleV2") -> [String] {
        folder.write(
            "web.config",
            """
            <configuration><system.webServer>
            <handlers><add name="core" path="*" verb="*" modules="\(module)" resourceType="Unspecified"/></handlers>
            \(sections)
            </system.webServer></configuration>
            """)
        return ConfigurationCheck.problems(ofWebConfig: folder.path + "/web.config")
            .map { "\($0.severity.rawValue) \($0.line.number): \($0.message)" }
            .filter { !$0.contains("is not there yet") }
    }

    @Test func whatTheSDKWritesIsWithoutFault() {
        let section = #"<aspNetCore processPath="dotnet" arguments=".\App.dll" hostingModel="inprocess"/>"#
        #expect(messages(section) == [])
    }

    @Test func whatKeepsAnApplicationFromStartingIsAnError() {
        #expect(
            messages(#"<aspNetCore arguments="x"/>"#)
                == ["error 3: Attribute 'processPath' is required. The application does not start (500)"])
        let model = messages(#"<aspNetCore processPath="a" hostingModel="bogus"/>"#)
        #expect(model.count == 1 && model[0].hasPrefix("error 3: Unknown hosting model 'bogus'."))
        let delay = messages(
            #"<aspNetCore processPath="a"><handlerSettings><handlerSetting name="shutdownDelay" value="-1"/></handlerSettings></aspNetCore>"#
        )
        #expect(delay.count == 1 && delay[0].hasPrefix("error 3: The value '-1' of 'shutdownDelay' is invalid"))
        #expect(
            messages("<httpPlatform arguments=\"a\"/>", module: "httpPlatformHandler")
                == ["error 3: Attribute 'processPath' is required. The application does not start (500)"])
        // Nobody asks for the section.
        #expect(messages(#"<aspNetCore arguments="x"/>"#, module: "StaticFileModule") == [])
    }

    @Test func versionOneIsToldApart() {
        let told = messages(#"<aspNetCore processPath="a" requestTimeout="00:01:30"/>"#, module: "AspNetCoreModule")
        #expect(told.count == 1)
        #expect(told[0].hasPrefix("warning 2: core names version 1"))
        #expect(told[0].contains("whole minutes"))
        #expect(told[0].contains("environmentVariables"))
    }

    @Test func settingsThatDoNothingAreTold() {
        let told = messages(
            """
            <aspNetCore processPath="a"><recycleOnFileChange><file path="x"/></recycleOnFileChange><handlerSettings>
            <handlerSetting name="DEBUGFILE" value="a"/><handlerSetting name="stackSize" value="1"/>
            <handlerSetting name="typo" value="1"/></handlerSettings></aspNetCore>
            """)
        #expect(told.count == 3)
        #expect(told.contains { $0.hasPrefix("warning 3: 'recycleOnFileChange' has no effect here") })
        #expect(told.contains { $0.hasPrefix("warning 4: handlerSetting 'stackSize' has no effect here: it is for") })
        #expect(told.contains { $0.hasPrefix("warning 5: handlerSetting 'typo' has no effect here: no version") })
    }

    @Test func tokensOfWindowsUsersAreMissedWhereTheyWouldBeForwarded() throws {
        func told(_ attribute: String, enabled: Bool) throws -> [Problem] {
            folder.write(
                "web.config",
                """
                <configuration><system.webServer>
                <handlers><add name="core" path="*" verb="*" modules="AspNetCoreModuleV2"/></handlers>
                <aspNetCore processPath="a" \(attribute)/>
                </system.webServer></configuration>
                """)
            let server = try serverConfiguration(
                sites: siteText("A", id: 1, path: folder.path),
                more: """
                    <location path="A"><system.webServer><security><authentication>
                    <windowsAuthentication enabled="\(enabled)"/></authentication></security></system.webServer></location>
                    """)
            return ConfigurationCheck.problems(of: server).filter { $0.message.contains("forwardWindowsAuthToken") }
        }
        let inherited = try told("", enabled: true)
        #expect(inherited.map(\.severity) == [.warning])
        #expect(inherited.first?.file == "applicationHost.config")
        let written = try told(#"forwardWindowsAuthToken="true""#, enabled: true)
        #expect(written.count == 1 && written[0].file.hasSuffix("/web.config") && written[0].line.number == 3)
        #expect(try told(#"forwardWindowsAuthToken="false""#, enabled: true).isEmpty)
        #expect(try told("", enabled: false).isEmpty)
    }
}
