import Administration
import Configuration
import PipelineTesting
import Testing

@testable import Explanation

/// Which line decided, and not only in which section it stands.
struct DecidingEntryTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        folder.makeFolder("www")
        for file in ["start.htm", "a.txt", "private/a.txt", "a.bak", "closed/a.txt", "away/a.txt", "listing/a.txt"] {
            try folder.write("www/\(file)", "content")
        }
        try folder.write(
            "www/web.config",
            """
            <configuration><system.webServer>
            <defaultDocument><files><clear/><add value="none.htm"/>
            <add value="start.htm"/></files></defaultDocument>
            <staticContent><remove fileExtension=".txt"/>
            <mimeMap fileExtension=".TXT" mimeType="text/x-own"/></staticContent>
            <security><requestFiltering>
            <hiddenSegments><add segment="Private"/></hiddenSegments>
            <fileExtensions><add fileExtension=".bak" allowed="false"/></fileExtensions>
            <verbs allowUnlisted="false">
            <add verb="GET" allowed="true"/><add verb="PURGE" allowed="false"/></verbs>
            <denyUrlSequences><add sequence="evil"/></denyUrlSequences>
            <denyQueryStringSequences><add sequence="drop table"/></denyQueryStringSequences>
            <filteringRules><filteringRule name="R" scanUrl="true">
            <denyStrings><add string="attack"/></denyStrings></filteringRule></filteringRules>
            <requestLimits
            maxUrl="30"/>
            </requestFiltering></security>
            </system.webServer>
            <location path="closed"><system.webServer><security><authorization>
            <add accessType="Deny" users="?"/></authorization></security></system.webServer></location>
            <location path="listing"><system.webServer>
            <directoryBrowse enabled="false"/></system.webServer></location>
            </configuration>
            """)
        try folder.write(
            "applicationHost.config",
            """
            <configuration><system.applicationHost>
            <applicationPools><add name="Pool"/></applicationPools><sites>
            <site name="Site" id="1"><application path="/" applicationPool="Pool"><virtualDirectory path="/" physicalPath="\(folder.path)/www"/></application>
            <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
            <limits maxUrlSegments="3"/></site>
            </sites></system.applicationHost>
            <location path="Site/away"><system.webServer><security><ipSecurity>
            <add ipAddress="192.0.2.0" subnetMask="24"/>
            <add ipAddress="127.0.0.1"/></ipSecurity></security>
            <handlers accessPolicy="Read"/></system.webServer></location>
            </configuration>
            """)
    }

    private func explain(_ path: String, _ verb: String) throws -> Explanation {
        try RequestExplainer(ServerConfiguration.read(path: "\(folder.path)/applicationHost.config"))
            .explain(url: "http://a.test\(path)", verb: verb)
    }

    @Test(arguments: [
        ("/a.txt", "GET", "200.0", "<mimeMap fileExtension=\".TXT\" mimeType=\"text/x-own\">", "www/web.config:5"),
        ("/private/a.txt", "GET", "404.8", "<add segment=\"Private\">", "www/web.config:7"),
        ("/a.bak", "GET", "404.7", "<add fileExtension=\".bak\" allowed=\"false\">", "www/web.config:8"),
        ("/a.txt", "PURGE", "404.6", "<add verb=\"PURGE\" allowed=\"false\">", "www/web.config:10"),
        ("/a.txt", "REPORT", "404.6", "allowUnlisted=\"false\"", "www/web.config:9"),
        ("/EVIL.txt", "GET", "404.5", "<add sequence=\"evil\">", "www/web.config:11"),
        ("/a.txt?q=drop%20table", "GET", "404.18", "<add sequence=\"drop table\">", "www/web.config:12"),
        ("/attack.txt", "GET", "404.19", "<filteringRule name=\"R\" scanUrl=\"true\">", "www/web.config:13"),
        ("/0123456789012345678901234567890", "GET", "404.14", "maxUrl=\"30\"", "www/web.config:16"),
        ("/closed/a.txt", "GET", "401.2", "<add accessType=\"Deny\" users=\"?\">", "www/web.config:20"),
        ("/listing/", "GET", "403.14", "enabled=\"false\"", "www/web.config:22"),
        ("/away/a.txt", "GET", "403.6", "<add ipAddress=\"127.0.0.1\">", "applicationHost.config:9"),
        ("/a/b/c/d", "GET", "404.20", "maxUrlSegments=\"3\" of the site", "applicationHost.config:3"),
    ])
    func theEntryThatDecidedIsNamed(
        _ path: String, _ verb: String, status: String, entry: String, place: String
    ) throws {
        let found = try explain(path, verb)
        #expect("\(found.answer.status ?? 0).\(found.answer.subStatus)" == status)
        #expect(found.answer.entries.map(\.name) == [entry])
        #expect(found.answer.entries.first?.sources.first?.hasPrefix("\(folder.path)/\(place)") == true)
        #expect(found.text.contains("because of \(entry)"))
        #expect(found.json["answer"]?["entries"]?.elements?.count == 1)
    }

    @Test
    func aDefaultDocumentAndItsTypeAreBothNamed() throws {
        let found = try explain("/", "GET")
        #expect(found.answer.status == 200)
        #expect(found.answer.entries.first?.name == "<add value=\"start.htm\">")
        #expect(found.answer.entries.first?.sources == ["\(folder.path)/www/web.config:3"])
        #expect(found.answer.entries.last?.name.hasPrefix("<mimeMap fileExtension=\".htm\"") == true)
    }

    @Test
    func whatADefaultDecidesNamesNoLine() throws {
        let found = try explain("/missing", "GET")
        #expect(found.answer.status == 404 && found.answer.entries.isEmpty)
    }

    @Test(arguments: [
        ("/../x", 400, "Invalid URL"), ("/%zz", 400, "Invalid URL"), ("/a%00", 400, "Invalid URL"),
        ("/" + String(repeating: "a", count: 20_000), 414, "Request URI Too Long"),
    ])
    func aMalformedRequestHasTheRoutersAnswer(_ path: String, status: UInt16, text: String) throws {
        let found = try explain(path, "GET")
        #expect(found.answer.status == status && found.answer.module == "HTTP.sys")
        #expect(found.answer.detail.contains(text))
        #expect(found.site == nil)
    }
}
