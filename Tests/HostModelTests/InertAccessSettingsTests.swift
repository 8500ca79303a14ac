import HostModel
import Testing

/// What sections about access say in vain, or dangerously, is a warning of the check.
@Suite struct InertAccessSettingsTests {
    let folder = CheckFolder()

    private func warnings(_ sections: String) throws -> [Problem] {
        folder.write("a/index.html", "")
        return ConfigurationCheck.problems(
            of: try serverConfiguration(
                sites: siteText("A", id: 1, path: folder.path + "/a"),
                more: "<system.webServer>\(sections)</system.webServer>"))
    }

    private func authentication(_ element: String) -> String {
        "<security><authentication><\(element)/></authentication></security>"
    }

    @Test(arguments: [
        ("windowsAuthentication enabled=\"true\"", ["does not offer the scheme"]),
        ("digestAuthentication enabled=\"true\" realm=\"x\"", ["does not offer the scheme"]),
        ("clientCertificateMappingAuthentication enabled=\"true\"", ["does not offer the scheme"]),
        ("iisClientCertificateMappingAuthentication enabled=\"true\"", ["does not offer the scheme"]),
        ("anonymousAuthentication userName=\"CONTOSO\\web\" password=\"x\"", ["'password'", "'userName'"]),
        ("anonymousAuthentication logonMethod=\"Network\"", ["'logonMethod'"]),
        (
            "basicAuthentication enabled=\"true\" logonMethod=\"Batch\" groupsFile=\"groups\"",
            ["'logonMethod'", "over https only", "names no usersFile", "absolute path"]
        ),
    ])
    func aSchemeThatDoesNotDoWhatItSaysIsAWarning(_ element: String, texts: [String]) throws {
        let found = try warnings(authentication(element))
        #expect(found.count == texts.count && found.allSatisfy { $0.severity == .warning })
        for text in texts { #expect(found.contains { $0.message.contains(text) }) }
    }

    @Test(arguments: [
        ("<security><authorization bypassLoginPages=\"false\"/></security>", "'bypassLoginPages'"),
        ("<security><ipSecurity><add domainName=\"a.test\"/></ipSecurity></security>", "with enableReverseDns only"),
        (
            "<security><ipSecurity enableReverseDns=\"true\"><add ipAddress=\"192.0.2.1\" domainName=\"a.test\"/></ipSecurity></security>",
            "for its ipAddress"
        ),
        (
            "<security><requestFiltering><verbs applyToWebDAV=\"false\"/></requestFiltering></security>",
            "'applyToWebDAV'"
        ),
        ("<cors enabled=\"true\"><add origin=\"*\" allowCredentials=\"true\"/></cors>", "'allowCredentials'"),
    ])
    func itIsAWarningThatSaysWhy(_ sections: String, text: String) throws {
        let found = try warnings(sections)
        #expect(found.count == 1)
        #expect(found.first?.severity == .warning && found.first?.message.contains(text) == true)
    }

    @Test
    func whatWorksIsNoWarning() throws {
        let found = try warnings(
            """
            <security>
              <authentication>
                <anonymousAuthentication enabled="true" userName="IUSR"/><basicAuthentication enabled="false" realm="x"/>
                <windowsAuthentication enabled="false"/>
              </authentication>
              <authorization><add accessType="Deny" users="bob" verbs="PUT"/></authorization>
              <ipSecurity enableReverseDns="true"><add domainName="a.test"/><add ipAddress="192.0.2.1"/></ipSecurity>
              <dynamicIpSecurity denyAction="NotFound"><denyByRequestRate enabled="true"/></dynamicIpSecurity>
              <requestFiltering removeServerHeader="true"/>
            </security>
            <cors enabled="true"><add origin="https://a.test" allowCredentials="true"/></cors>
            """)
        #expect(found.isEmpty)
    }
}
