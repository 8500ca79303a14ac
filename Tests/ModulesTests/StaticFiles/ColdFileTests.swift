import Modules
import Pipeline
import PipelineTesting
import Testing

/// Files that must be waited for stall nobody.
struct ColdFileTests {
    let services = TestServices()
    let host: TestHost

    init() throws {
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(triesMemory: false), services: services))
        try host.folder.write("www/cold.txt", "cold")
        try host.folder.write("www/index.html", "index")
        services.holdsWork = true
    }

    @Test
    func theAnswerComesWhenTheFileIsRead() throws {
        let sinks = (0..<3).map { _ in RecordingSink() }
        for sink in sinks { _ = try host.begin(TestRequest("/cold.txt"), sink) }
        #expect(sinks.allSatisfy { $0.head == nil })
        // What needs no reading goes on meanwhile.
        #expect(try host.get("/missing.txt").status == 404)
        services.finishWork()
        for sink in sinks {
            #expect(sink.status == 200)
            #expect(sink.text == "cold")
            #expect(sink.hasEnded)
        }
    }

    @Test
    func defaultDocumentsWaitToo() throws {
        let sink = RecordingSink()
        _ = try host.begin(TestRequest("/"), sink)
        #expect(sink.head == nil)
        services.finishWork()
        #expect(sink.text == "index")
    }

    @Test
    func aClientThatLeavesMeanwhileIsForgotten() throws {
        let (gone, other) = (RecordingSink(), RecordingSink())
        let context = try #require(try host.begin(TestRequest("/cold.txt"), gone))
        _ = try host.begin(TestRequest("/cold.txt"), other)
        context.clientGone()
        services.finishWork()
        #expect(gone.head == nil)
        #expect(other.text == "cold")
    }
}
