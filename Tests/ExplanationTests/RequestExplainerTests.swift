import Administration
import Configuration
import PipelineTesting
import Testing

@testable import Explanation

/// What is said of a request, with the lines that say so.
struct RequestExplainerTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        folder.makeFolder("www")
        folder.makeFolder("other")
        try folder.write("www/index.html", "page")
        try folder.write("www/notes.unknown", "text")
        try folder.write("www/bin/tool.txt", "secret")
        try folder.write("www/shop/hidden.txt", "hidden")
        try folder.write("other/a.txt", "other")
        try folder.write(
            "applicationHost.config",
            """
            <configuration>
              <system.applicationHost>
                <applicationPools>
                  <add name="Pool"/>
                </applicationPools>
                <sites>
                  <site name="Site" id="1">
                    <application path="/" applicationPool="Pool">
                      <virtualDirectory path="/" physicalPath="\(folder.path)/www"/>
                    </application>
                    <application path="/shop" applicationPool="Pool">
                      <virtualDirectory path="/" physicalPath="\(folder.path)/other"/>
                    </application>
                    <bindings>
                      <binding protocol="http" bindingInformation="*:80:www.example.com"/>
                    </bindings>
                  </site>
                </sites>
              </system.applicationHost>
            </configuration>
            """)
    }

    private var server: String { "\(folder.path)/applicationHost.config" }

    private func explain(_ url: String, host: String? = nil, verb: String = "GET") throws -> Explanation {
        try RequestExplainer(ServerConfiguration.read(path: server)).explain(url: url, host: host, verb: verb)
    }

    @Test func whatLeadsToAFileIsNamedWithItsLines() throws {
        let found = try explain("http://www.example.com/index.html?a=b")
        #expect(found.answer.status == 200 && found.answer.module == "StaticFileModule")
        #expect(found.answer.stage == "ExecuteRequestHandler" && found.answer.isGood)
        #expect(found.site?.name == "Site" && found.site?.sources == ["\(server):7"])
        #expect(found.binding?.sources == ["\(server):15"])
        #expect(found.application?.name == "/" && found.application?.sources == ["\(server):8"])
        #expect(found.pool?.name == "Pool" && found.pool?.sources == ["\(server):4"])
        #expect(found.virtualDirectory?.sources == ["\(server):9"])
        #expect(found.physicalPath == "\(folder.path)/www/index.html")
        #expect(found.handlers.map(\.name) == ["StaticFile"])
        #expect(found.modules.first?.stage == "BeginRequest")
        #expect(found.modules.contains { $0.name == "StaticFileModule" && $0.stage == "ExecuteRequestHandler" })
    }

    @Test func aRefusalNamesItsModuleAndTheSectionsThatItReads() throws {
        try folder.write(
            "www/web.config",
            """
            <configuration><system.webServer><security>
              <requestFiltering allowHighBitCharacters="false"/>
            </security></system.webServer></configuration>
            """)
        let found = try explain("http://www.example.com/bin/tool.txt")
        #expect(found.answer.status == 404 && found.answer.subStatus == 8)
        #expect(found.answer.module == "RequestFilteringModule" && !found.answer.isGood)
        let section = try #require(found.answer.decidedBy.first { $0.name.hasSuffix("requestFiltering") })
        #expect(section.sources.last == "\(folder.path)/www/web.config:2")
        #expect(found.files.suffix(2) == [server, "\(folder.path)/www/web.config"])
    }

    @Test func aBrokenWebConfigIsNamedWithItsLine() throws {
        try folder.write(
            "www/web.config", "<configuration>\n<system.webServer>\n<nonsense/>\n</system.webServer>\n</configuration>")
        let found = try explain("http://www.example.com/index.html")
        #expect(found.answer.status == 500 && found.answer.subStatus == 19)
        #expect(found.answer.detail.contains("web.config") && found.answer.detail.contains("3"))
    }

    @Test func aFileWithoutATypeIs404_3() throws {
        let found = try explain("http://www.example.com/notes.unknown")
        #expect(found.answer.status == 404 && found.answer.subStatus == 3)
        #expect(found.answer.module == "StaticFileModule")
    }

    @Test func aDefaultDocumentIsFollowedIntoItsOwnRequest() throws {
        let found = try explain("http://www.example.com/")
        #expect(found.answer.status == 200)
        #expect(found.modules.contains { $0.name == "StaticFileModule" && $0.path == "/index.html" })
    }

    @Test func contentBehindAnApplicationIsSaidToBeOutOfReach() throws {
        let found = try explain("/shop/hidden.txt", host: "www.example.com")
        #expect(found.application?.name == "/shop" && found.answer.status == 404)
        #expect(found.warnings.contains { $0.contains("\(folder.path)/www/shop") })
    }

    @Test func aModuleThatNobodyHasIsAWarningAndItsHandlerIs500_21() throws {
        try folder.write(
            "www/web.config",
            """
            <configuration><system.webServer>
              <handlers><add name="node" path="*.js" verb="*" modules="iisnode"/></handlers>
            </system.webServer></configuration>
            """)
        let found = try explain("http://www.example.com/server.js")
        #expect(found.answer.status == 500 && found.answer.subStatus == 21)
        #expect(found.handlers.first?.name == "node")
        #expect(found.handlers.first?.sources == ["\(folder.path)/www/web.config:2"])
        #expect(found.passedOver.contains { $0.name == "StaticFile" })
    }

    @Test func anotherHostNameIsRefusedByTheRouter() throws {
        let found = try explain("http://elsewhere.example.com/")
        #expect(found.answer.status == 400 && found.site == nil)
        #expect(try explain("http://www.example.com:81/").answer.status == nil)
        #expect(try explain("http://www.example.com/../x").answer.status == 400)
        #expect(throws: RequestExplainer.Failure.self) { try explain("ftp://www.example.com/") }
    }

    @Test func textAndJSONSayTheSame() throws {
        let found = try explain("http://www.example.com/bin/tool.txt")
        #expect(found.text.contains("404.8"))
        #expect(found.json["answer"]?["status"]?.number == 404)
        #expect(found.json["modules"]?.elements?.isEmpty == false)
        #expect(found.json["warnings"]?.elements != nil)
    }
}
