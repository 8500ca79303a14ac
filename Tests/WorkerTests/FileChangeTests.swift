import EventLoop
import PipelineTesting
import Platform
import Testing

@testable import Pipeline
@testable import Worker

/// The global notifications that whoever watches over the router's cache raises.
struct FileChangeTests {
    private final class Ear {
        var files: [SystemPath] = []
        var configurations = 0
    }

    @Test
    func aWatchedFileThatIsNotWhatItWasIsTold() throws {
        let host = try TestHost([])
        try host.folder.write("www/a.txt", "content")
        let ear = Ear()
        host.resolver.globals.subscribe(
            GlobalSubscription([.fileChange, .configurationChange]) { notification in
                if case .fileChange(let path) = notification { ear.files.append(path) } else { ear.configurations += 1 }
            })
        let loop = try EventLoop()
        let watch = CacheWatch(loop) { [] }
        watch.use(host.resolver)
        let url = Array("/a.txt".utf8)
        let found = host.resolver.resolve(site: 1, path: url.span, now: host.now)
        let resolution = try #require(found)
        let path = try #require(resolution.physicalPath)
        let stamp = try FileInformation.of(path).stamp
        func mark() -> Bool {
            watch.mark(CacheableResponse(path: path, stamp: stamp, seconds: 30, resolution: resolution)) != nil
        }
        #expect(mark())
        watch.saw(path, stamp)
        #expect(ear.files.isEmpty)
        watch.saw(path, nil)
        #expect(ear.files == [path])
        // What is not watched is nobody's concern.
        watch.saw(path, nil)
        #expect(ear.files.count == 1)
        #expect(mark())
        try host.folder.write("www/a.txt", "other content")
        for _ in 0..<2000 where ear.files.count == 1 { loop.turn(maximumWait: 5) }
        #expect(ear.files == [path, path] && ear.configurations == 0)
        watch.use(nil)
    }
}
