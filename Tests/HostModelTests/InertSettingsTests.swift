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
        ("<urlCompression dynamicCompressionBeforeCache=\"true\"/>", "output cache"),
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
            """)
        #expect(found.isEmpty)
    }
}
