//  PipelineBenchmark: requests for a small static file through the stages of a pipeline, without a link.
//
//      PipelineBenchmark COUNT [UNUSED]
//
//  sends COUNT requests of a browser's for a file of 1 KB that is in memory, and expects as many good answers. UNUSED
//  (0) modules more are compiled in and enabled that the site's sections leave nothing to do.

internal import Configuration
internal import Glibc
internal import Modules
internal import Pipeline
internal import PipelineTesting
internal import Platform
internal import Wire

/// Counts what a link would carry.
final class CountingSink: ResponseSink {
    private(set) var answers = 0
    private(set) var bytes = 0

    var credit: Int { 1 << 16 }
    func begin(_ head: ResponseHead) { if head.status == 200 { answers += 1 } }
    func write(_ bytes: Span<UInt8>) { self.bytes += bytes.count }
    func write(_ file: consuming FileDescriptor, offset: Int64, length: Int64) -> FileDescriptor? { file }
    func end() {}
    func fail() {}
    func abort() {}
}

func run(count: Int, unused: Int) throws {
    let names = (0..<unused).map { "UnusedModule\($0)" }
    let entries = names.map { "<add name=\"\($0)\"/>" }.joined()
    // For its clock the file was written long ago.
    let files = FileCache(clock: { FileStamp.now() + 1_000_000_000 })
    let host = try TestHost(
        BuiltInModules.definitions(files: files, services: TestServices())
            + names.map { name in
                ModuleDefinition(name: name, sections: [], stages: .on(.beginRequest, .authorizeRequest, .endRequest)) {
                    _ in nil
                }
            },
        server: """
            <system.webServer><globalModules>\(entries)</globalModules><modules>\(entries)</modules></system.webServer>
            """)
    try host.folder.write("www/file.txt", String(repeating: "x", count: 1024))
    var request = TestRequest("/file.txt")
    request.headers += [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ("Accept-Language", "en-US,en;q=0.5"), ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Connection", "keep-alive"), ("Upgrade-Insecure-Requests", "1"), ("Sec-Fetch-Mode", "navigate"),
    ]
    let head = try request.head()
    let sink = CountingSink()
    for _ in 0..<count { _ = host.begin(head, sink) }
    guard sink.answers == count, sink.bytes == count * 1024 else {
        print("\(sink.answers) good answers, \(sink.bytes) bytes")
        exit(1)
    }
}

do {
    guard CommandLine.arguments.count > 1, let count = Int(CommandLine.arguments[1]) else { exit(2) }
    try run(count: count, unused: CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 0 : 0)
} catch {
    print(error)
    exit(1)
}
