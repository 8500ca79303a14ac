import AspNetCoreModule
import Configuration
import Testing
import Wire

/// Every attribute and key of `aspNetCore` and `httpPlatform` (reference §2.1, §2.2).
struct BackendSettingsTests {
    @Test func whatTheSDKWritesIsRead() throws {
        let settings = try SectionText.read(
            #"<aspNetCore processPath="dotnet" arguments=".\App.dll" stdoutLogEnabled="false" "#
                + #"stdoutLogFile=".\logs\stdout" hostingModel="inprocess"/>"#)
        var expected = BackendSettings(processPath: "dotnet")
        expected.arguments = #".\App.dll"#
        expected.stdoutLogFile = #".\logs\stdout"#
        expected.hostingModel = .inProcess
        #expect(settings == expected)
    }

    @Test func whatIsNotWrittenHasTheModulesDefault() throws {
        let settings = try SectionText.read(#"<aspNetCore processPath="a"/>"#)
        #expect(settings.arguments.isEmpty)
        #expect(settings.startupTimeLimit == 120)
        #expect(settings.shutdownTimeLimit == 10)
        #expect(settings.rapidFailsPerMinute == 10)
        #expect(settings.requestTimeout == 120)
        #expect(!settings.stdoutLogEnabled)
        #expect(settings.stdoutLogFile == #".\aspnetcore-stdout"#)
        #expect(settings.processesPerApplication == 1)
        #expect(!settings.disableStartUpErrorPage)
        #expect(settings.hostingModel == .outOfProcess)
        #expect(settings.startAttempts == 2)
        #expect(settings.debugFile == nil)
        #expect(settings.debugLevel == nil)
        #expect(!settings.forwardsResponseConnectionHeader)
        #expect(settings.redirectsConsole)
        #expect(!settings.disallowsRotationOnConfigChange)
        #expect(settings.shutdownDelay == 1000)
    }

    @Test func everyAttributeIsRead() throws {
        let settings = try SectionText.read(
            #"""
            <aspNetCore processPath="%A%\b" arguments="%C% d" startupTimeLimit="0" shutdownTimeLimit="600"
                rapidFailsPerMinute="0" requestTimeout="15.00:00:00" processesPerApplication="100" stdoutLogEnabled="true"
                stdoutLogFile="%home%\x" disableStartUpErrorPage="true" hostingModel="OutOfProcess"/>
            """#)
        #expect(settings.processPath == #"%A%\b"#)
        #expect(settings.arguments == "%C% d")
        #expect(settings.startupTimeLimit == 0)
        #expect(settings.shutdownTimeLimit == 600)
        #expect(settings.rapidFailsPerMinute == 0)
        #expect(settings.requestTimeout == 1_296_000)
        #expect(settings.processesPerApplication == 100)
        #expect(settings.stdoutLogEnabled)
        #expect(settings.stdoutLogFile == #"%home%\x"#)
        #expect(settings.disableStartUpErrorPage)
        #expect(settings.hostingModel == .outOfProcess)
    }

    static let unreadable =
        "Unable to get required configuration section 'system.webServer/aspNetCore'. Possible reason is web.config "
        + "authoring error."

    @Test(
        "Beyond its limits an attribute makes the section unreadable",
        arguments: [
            #"startupTimeLimit="3601""#, #"startupTimeLimit="-1""#, #"shutdownTimeLimit="601""#,
            #"rapidFailsPerMinute="101""#, #"processesPerApplication="0""#, #"processesPerApplication="101""#,
            #"requestTimeout="15.00:00:01""#, #"requestTimeout="00:60:00""#, #"requestTimeout="00:00:60""#,
            #"requestTimeout="00:00:00.5""#, #"stdoutLogEnabled="maybe""#, #"unheardOf="1""#,
        ])
    func limits(attribute: String) throws {
        let failure = try #require(try SectionText.failure("<aspNetCore processPath=\"a\" \(attribute)/>"))
        #expect(failure.text == Self.unreadable)
        #expect(failure.place?.contains("web.config:3: ") == true)
    }

    @Test("ReportsWebConfigAuthoringErrors: an empty processPath")
    func processPathIsRequired() throws {
        let expected = "Attribute 'processPath' is required."
        #expect(try SectionText.failure("<aspNetCore/>")?.text == expected)
        #expect(try SectionText.failure(#"<aspNetCore processPath=""/>"#)?.text == expected)
        #expect(try SectionText.failure("<httpPlatform/>", .httpPlatform)?.text == expected)
        #expect(
            try SectionText.failure(#"<aspNetCore processPath="a" stdoutLogFile=""/>"#)?.text
                == "Attribute 'stdoutLogFile' is required.")
    }

    @Test("CheckInvalidHostingModelParameter, ReportsWebConfigAuthoringErrors: an unknown hosting model")
    func theHostingModelIsOneOfTwo() throws {
        let failure = try SectionText.failure(#"<aspNetCore processPath="a" hostingModel="bogus"/>"#)
        #expect(failure?.text.hasPrefix("Unknown hosting model 'bogus'.") == true)
        for (text, model) in [("", .outOfProcess), ("OUTOFPROCESS", .outOfProcess), ("InProcess", .inProcess)]
            as [(String, BackendSettings.HostingModel)]
        {
            #expect(
                try SectionText.read("<aspNetCore processPath=\"a\" hostingModel=\"\(text)\"/>").hostingModel == model)
        }
    }

    @Test("ReportsWebConfigAuthoringErrors: a wrong child")
    func aWrongChildMakesTheSectionUnreadable() throws {
        let section =
            #"<aspNetCore processPath="a"><environmentVariables><add name="A" value="b"/></environmentVariables></aspNetCore>"#
        let failure = try #require(try SectionText.failure(section))
        #expect(failure.text == Self.unreadable)
        let place = ApplicationPlace(siteName: "S", siteID: 1, path: "/a", folder: "/srv", pool: "P")
        let event = failure.event(place)
        #expect(event.number == 1034)
        #expect(event.level == .error)
        #expect(event.text.hasPrefix("Could not load configuration. Exception message:\n\(Self.unreadable)\n"))
        #expect(event.text.contains("web.config:3: "))
        #expect(event.site == "S" && event.application == "/a")
    }

    @Test func ofSeveralVariablesOfOneNameTheLastHolds() throws {
        let settings = try SectionText.read(
            #"""
            <aspNetCore processPath="a"><environmentVariables>
              <environmentVariable name="One" value="%X%"/><environmentVariable name="Two" value=""/>
              <environmentVariable name="ONE" value="last"/>
            </environmentVariables></aspNetCore>
            """#)
        #expect(
            settings.environmentVariables == [
                EnvironmentVariable(name: "One", value: "last"), EnvironmentVariable(name: "Two", value: ""),
            ])
    }

    @Test func ofSeveralHandlerSettingsOfOneNameTheFirstHolds() throws {
        let settings = try SectionText.read(handlerSettings(("DebugLevel", "file"), ("debuglevel", "trace")))
        #expect(settings.debugLevel == "file")
    }

    private func handlerSettings(_ settings: (name: String, value: String)...) -> String {
        let items = settings.map { "<handlerSetting name=\"\($0.name)\" value=\"\($0.value)\"/>" }.joined()
        return "<aspNetCore processPath=\"a\"><handlerSettings>\(items)</handlerSettings></aspNetCore>"
    }

    @Test("ConfigUtilityTest.CheckHandlerVersionKeysAndValues: keys in any case of letters")
    func keysOfHandlerSettings() throws {
        for name in ["handlerVersion", "HANDLERVERSION", "HandlerVersion"] {
            #expect(try SectionText.read(handlerSettings((name, "2.0.0"))).handlerSettings["handlerversion"] == "2.0.0")
        }
    }

    @Test("ConfigUtilityTest.CheckDebugLogFile")
    func debugFile() throws {
        for name in ["debugFile", "debugFILE"] {
            #expect(try SectionText.read(handlerSettings((name, "logs.txt"))).debugFile == "logs.txt")
        }
        #expect(try SectionText.read(handlerSettings(("debugFile", ""))).debugFile == nil)
    }

    @Test("ConfigUtilityTest.CheckDebugLevel")
    func debugLevel() throws {
        for name in ["debugLevel", "debugLEVEL"] {
            #expect(try SectionText.read(handlerSettings((name, "0"))).debugLevel == "0")
        }
    }

    @Test("ConfigUtilityTestSingle.MultipleElements: a later key is found")
    func aLaterKeyIsFound() throws {
        let settings = try SectionText.read(handlerSettings(("key", "value"), ("handlerVersion", "2.1.0")))
        #expect(settings.handlerSettings["handlerversion"] == "2.1.0")
    }

    @Test("ConfigUtilityTestSingle.IgnoresFailedGetElement: no handlerSettings")
    func withoutHandlerSettings() throws {
        #expect(try SectionText.read(#"<aspNetCore processPath="a"/>"#).handlerSettings.isEmpty)
    }

    @Test func flagsOfHandlerSettingsAreTheWordTrueInAnyCase() throws {
        for (text, flag) in [("true", true), ("TRUE", true), ("1", false), ("yes", false), ("false", false)] {
            let settings = try SectionText.read(
                handlerSettings(("forwardResponseConnectionHeader", text), ("disallowRotationOnConfigChange", text)))
            #expect(settings.forwardsResponseConnectionHeader == flag)
            #expect(settings.disallowsRotationOnConfigChange == flag)
        }
        // Anything but false.
        for (text, flag) in [("true", true), ("0", true), ("", true), ("False", false)] {
            let settings = try SectionText.read(handlerSettings(("enableOutOfProcessConsoleRedirection", text)))
            #expect(settings.redirectsConsole == flag)
        }
    }

    @Test func theShutdownDelayIsTheSectionsThenTheWorkersThenTheApplications() throws {
        let worker = [(name: "ANCM_SHUTDOWNDELAY", value: "20")]
        #expect(try SectionText.read(handlerSettings(("shutdownDelay", "0")), environment: worker).shutdownDelay == 0)
        let own =
            #"<aspNetCore processPath="a"><environmentVariables><environmentVariable name="ANCM_shutdownDelay" value="30"/>"#
            + "</environmentVariables></aspNetCore>"
        #expect(try SectionText.read(own, environment: worker).shutdownDelay == 20)
        #expect(try SectionText.read(own).shutdownDelay == 30)
    }

    @Test func aShutdownDelayThatIsNoNumberOfMillisecondsIsRefused() throws {
        for text in ["-1", "soon", "1.5", "99999999999999999999"] {
            let failure = try SectionText.failure(handlerSettings(("shutdownDelay", text)))
            #expect(failure?.text.hasPrefix("The value '\(text)' of 'shutdownDelay' is invalid") == true)
        }
        let failure = try SectionText.failure(
            #"<aspNetCore processPath="a"/>"#, environment: [(name: "ANCM_shutdownDelay", value: "-1")])
        #expect(failure?.text.hasPrefix("The value '-1' of 'shutdownDelay' is invalid") == true)
    }

    @Test func everyAttributeOfHTTPPlatformIsRead() throws {
        let settings = try SectionText.read(
            #"""
            <httpPlatform processPath="python" arguments="app.py %HTTP_PLATFORM_PORT%" startupTimeLimit="3600"
                startupRetryCount="3" rapidFailsPerMinute="4" requestTimeout="00:04:00" stdoutLogEnabled="true"
                stdoutLogFile="\\?\%home%\LogFiles\python" processesPerApplication="5" forwardWindowsAuthToken="true">
              <environmentVariables><environmentVariable name="A" value="b"/></environmentVariables>
            </httpPlatform>
            """#, .httpPlatform)
        var expected = BackendSettings(processPath: "python")
        expected.dialect = .httpPlatform
        expected.arguments = "app.py %HTTP_PLATFORM_PORT%"
        expected.startupTimeLimit = 3600
        expected.startAttempts = 3
        expected.rapidFailsPerMinute = 4
        expected.requestTimeout = 240
        expected.stdoutLogEnabled = true
        expected.stdoutLogFile = #"\\?\%home%\LogFiles\python"#
        expected.processesPerApplication = 5
        expected.environmentVariables = [EnvironmentVariable(name: "A", value: "b")]
        #expect(settings == expected)
    }

    @Test func whatHTTPPlatformDoesNotSayHasItsDefault() throws {
        let settings = try SectionText.read(#"<httpPlatform processPath="a"/>"#, .httpPlatform)
        #expect(settings.startAttempts == 10)
        #expect(settings.startupTimeLimit == 120)
        #expect(settings.stdoutLogFile == #".\httpplatform-stdout"#)
        #expect(
            try SectionText.read(#"<httpPlatform processPath="a" startupRetryCount="0"/>"#, .httpPlatform).startAttempts
                == 1)
        let failure = try SectionText.failure(
            #"<httpPlatform processPath="a" requestTimeout="00:00:30"/>"#, .httpPlatform)
        #expect(failure?.text.contains("'system.webServer/httpPlatform'") == true)
    }

    @Test func versionOneOfTheModuleKnowsNoHostingModel() throws {
        for (module, model) in [("AspNetCoreModule", .outOfProcess), ("AspNetCoreModuleV2", .inProcess)]
            as [(String, BackendSettings.HostingModel)]
        {
            let settings = try SectionText.read(
                """
                <handlers><add name="core" path="*" verb="*" modules="\(module)" resourceType="Unspecified"/></handlers>
                <aspNetCore processPath="a" hostingModel="inprocess" requestTimeout="00:01:30"/>
                """)
            #expect(settings.hostingModel == model)
            // Version 1 knew whole minutes alone.
            #expect(settings.requestTimeout == 90)
        }
    }
}
