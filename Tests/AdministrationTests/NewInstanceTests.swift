import Administration
import Configuration
import HostModel
import Platform
import TestSupport
import Testing

@Suite struct NewInstanceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aNewInstanceIsCompleteAndWithoutProblems() throws {
        let instance = NewInstance(folder: folder["inn"], port: 8123)
        try instance.write()
        let server = try ServerConfiguration.read(
            path: instance.configurationPath, variables: ["HOSTELRY_STATE": instance.statePath])
        #expect(server.builtIn == nil, "a file with its own sections is complete in itself")
        #expect(ConfigurationCheck.problems(of: server) == [])
        let model = HostModel.build(server)
        let site = try #require(model.sites.first)
        #expect(model.sites.count == 1)
        #expect(site.name == "Default Web Site")
        #expect(site.id == 1)
        #expect(site.bindings.map(\.information) == ["*:8123:"])
        #expect(site.applications.map(\.pool) == ["DefaultAppPool"])
        #expect(site.applications.first?.virtualDirectories.map(\.physicalPath) == [folder["inn/content"]])
        #expect(model.pools.map(\.name) == ["DefaultAppPool"])
        #expect(try folder.text("inn/content/index.html").contains("It works"))
    }

    @Test func anInstanceThatIsThereStaysAsItIs() throws {
        folder.makeFolder("inn")
        try folder.write("inn/applicationHost.config", "<configuration/>")
        let error = #expect(throws: NewInstance.Failure.self) {
            try NewInstance(folder: folder["inn"], port: 80).write()
        }
        #expect(error?.description == "\(folder["inn/applicationHost.config"]) exists already and is left as it is")
        #expect(try folder.text("inn/applicationHost.config") == "<configuration/>")
        #expect(folder.names(in: "inn") == ["applicationHost.config"])
    }

    @Test func contentThatIsThereIsKept() throws {
        folder.makeFolder("inn")
        folder.makeFolder("inn/content")
        try folder.write("inn/content/index.html", "mine")
        try NewInstance(folder: folder["inn"], port: 80).write()
        #expect(try folder.text("inn/content/index.html") == "mine")
    }
}
