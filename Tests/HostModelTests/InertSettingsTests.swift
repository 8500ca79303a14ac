import Configuration
import HostModel
import Testing

/// What is read and does nothing is a warning of the check, once, where it stands.
@Suite struct InertSettingsTests {
    let folder = CheckFolder()

    private func warnings(_ sections: String) throws -> [Problem] {
        folder.write(
            "a/web.config", "<configuration><system.webServer>\n\(sections)\n</system.webServer></configuration>")
        return ConfigurationCheck.problems(
            of: try serverConfiguration(
                pools: "<add name=\"P\"/>", sites: siteText("A", id: 1, path: folder.path + "/a")))
    }

    @Test(arguments: [
        ("<httpErrors><error statusCode=\"404\" path=\"C:\\errors\\404.htm\"/></httpErrors>", "Windows machine"),
        ("<httpErrors><error statusCode=\"404\" path=\"/srv/404.htm\"/></httpErrors>", "relative to the site"),
        ("<httpErrors><error statusCode=\"404\" path=\"a.htm\" responseMode=\"ExecuteURL\"/></httpErrors>", "URL path"),
        ("<httpErrors detailedMoreInformationLink=\"javascript:x\"/>", "only http and https"),
        ("<httpRedirect enabled=\"true\"/>", "neither a destination nor a wildcard"),
        (
            "<httpProtocol><customHeaders><add name=\"Connection\" value=\"close\"/></customHeaders></httpProtocol>",
            "Connection"
        ),
        ("<defaultDocument><files><add value=\"../x.htm\"/></files></defaultDocument>", "names no file"),
        (
            "<modules><add name=\"Elmah\" type=\"Elmah.ErrorLogModule\" preCondition=\"managedHandler\"/></modules>",
            "Elmah"
        ),
        ("<modules runManagedModulesForWebDavRequests=\"true\"/>", "WebDAV"),
        ("<handlers accessPolicy=\"Read, Source\"/>", "Source"),
        (
            "<handlers><add name=\"S\" path=\"*.svc\" verb=\"*\" type=\"A\" preCondition=\"runtimeVersionv4.0\"/></handlers>",
            "500.21, elsewhere the next handler"
        ),
        ("<handlers><add name=\"S\" path=\"*.svc\" verb=\"*\" type=\"A.B\"/></handlers>", "500.21"),
        (
            "<handlers><add name=\"S\" path=\"*.x\" verb=\"*\" modules=\"M\" responseBufferLimit=\"0\"/></handlers>",
            "as the client takes it"
        ),
        (
            "<handlers><add name=\"H\" path=\"*.x\" verb=\"*\" modules=\"M\" preCondition=\"bitness63\"/></handlers>",
            "'bitness63' of preCondition holds nowhere: H"
        ),
        ("<modules><add name=\"M\" preCondition=\"integratedMode, managedhandler\"/></modules>", "'managedhandler'"),
        (
            "<rewrite><rules><rule name=\"R\"><match url=\".*\"/></rule></rules></rewrite>",
            "URL Rewrite is not there yet"
        ),
        (
            "<rewrite><outboundRules><preConditions><preCondition name=\"P\"/></preConditions></outboundRules></rewrite>",
            "URL Rewrite"
        ),
        ("<applicationInitialization remapManagedRequestsTo=\"a.htm\"/>", "before an application is warm"),
        ("<applicationInitialization skipManagedModules=\"true\"/>", "no managed modules"),
        (
            "<tracing><traceFailedRequests><add path=\"*\"><failureDefinitions statusCodes=\"500\"/></add></traceFailedRequests></tracing>",
            "not traced yet"
        ),
    ])
    func itIsAWarningThatSaysWhy(_ sections: String, text: String) throws {
        let found = try warnings(sections)
        #expect(found.count == 1)
        #expect(found.first?.severity == .warning)
        #expect(found.first?.line.number == 2)
        #expect(found.first?.message.contains(text) == true)
    }

    @Test
    func whatWorksIsNoWarning() throws {
        let found = try warnings(
            """
            <httpErrors errorMode="Custom" existingResponse="Replace" detailedMoreInformationLink="https://help.example">
              <error statusCode="404" path="errors\\404.html"/>
              <error statusCode="500" path="/error.aspx" responseMode="ExecuteURL"/>
            </httpErrors>
            <httpRedirect enabled="false"/>
            <httpProtocol allowKeepAlive="false"><customHeaders><add name="X-A" value="b"/></customHeaders></httpProtocol>
            <defaultDocument><files><add value="start.htm"/></files></defaultDocument>
            <modules runAllManagedModulesForAllRequests="true"><remove name="CorsModule"/></modules>
            <validation validateIntegratedModeConfiguration="false"/>
            <rewrite><rules><clear/></rules></rewrite>
            <applicationInitialization doAppInitAfterRestart="true"><add initializationPage="/"/></applicationInitialization>
            <tracing><traceFailedRequests/></tracing>
            <handlers accessPolicy="Read, Script"><remove name="CGI-exe"/>
              <add name="P" path="*.php" verb="GET" modules="FastCgiModule" scriptProcessor="/usr/bin/php-cgi"/></handlers>
            """)
        #expect(found.isEmpty)
    }
}
