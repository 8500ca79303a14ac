import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

@testable import Modules

/// Whoever may read about the server's insides is told that a folder holds an application that nothing hands requests to.
struct ApplicationAdviceTests {
    let host: TestHost
    let services: TestServices

    init() throws {
        let services = TestServices()
        services.holdsWork = true
        self.services = services
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: services))
        try host.folder.write("www/Shop.dll", "")
        try host.folder.write(
            "www/Shop.runtimeconfig.json",
            #"{"runtimeOptions": {"framework": {"name": "Microsoft.AspNetCore.App", "version": "8.0.0"}}}"#)
    }

    private func page(local: Bool, _ path: String = "/") throws -> RecordingSink {
        let sink = RecordingSink()
        var request = TestRequest(path)
        if local { request.remote = request.local }
        _ = try host.begin(request, sink)
        services.finishWork()
        return sink
    }

    @Test func onTheMachineItselfThePageSaysWhatToType() throws {
        let answer = try page(local: true)
        #expect(answer.detailedStatus == "403.14")
        #expect(answer.text.contains("holds the application Shop, and there is no web.config"))
        #expect(answer.text.contains("hostelry web-config /"))
    }

    @Test func aStrangerIsToldNothingAndCostsNothing() throws {
        let answer = try page(local: false)
        #expect(answer.status == 403)
        #expect(!answer.text.contains("Shop"))
        #expect(services.workCount == 0)
    }

    @Test func aFolderIsLookedAtOnceInAWhile() throws {
        _ = try page(local: true)
        #expect(try page(local: true).text.contains("Shop"))
        #expect(services.workCount == 1)
        services.now += ApplicationAdvice.validity
        _ = try page(local: true)
        #expect(services.workCount == 2)
    }

    @Test func aFolderWithinTheApplicationIsNotLookedAt() throws {
        host.folder.makeFolder("www/pictures")
        #expect(try page(local: true, "/pictures/").detailedStatus == "403.14")
        #expect(services.workCount == 0)
    }
}
