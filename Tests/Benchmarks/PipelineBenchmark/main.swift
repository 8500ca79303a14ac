//  PipelineBenchmark: requests through the stages of a pipeline with the built-in modules, without a link.
//
//      PipelineBenchmark COUNT [UNUSED]
//
//  sends COUNT requests of a browser's, which a handler of its own answers with 1 KB of no compressible type, and expects
//  as many good answers. No file is sent: callgrind does not know openat2. UNUSED (0) modules more are compiled in and
//  enabled that the site's sections leave nothing to do.

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
    func write(_ file: consuming FileDescriptor, _: FileStamp?, offset: Int64, length: Int64) -> FileDescriptor? {
        file
    }
    func end() {}
    func fail() {}
    func abort() {}
}

final class AnswerModule: Module {
    private let body = ResponseBody.bytes(Array(repeating: 0x78, count: 1024))

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        request.response.headers.append("Content-Type", "application/octet-stream")
        request.response.set(status: 200)
        request.response.body = body
        return .continue
    }
}

func run(count: Int, unused: Int) throws {
    let names = (0..<unused).map { "UnusedModule\($0)" }
    let entries = (["AnswerModule"] + names).map { "<add name=\"\($0)\"/>" }.joined()
    let answer = AnswerModule()
    let host = try TestHost(
        BuiltInModules.definitions(files: FileCache(), services: TestServices())
            + [ModuleDefinition(name: "AnswerModule", sections: []) { _ in answer }]
            + names.map { name in
                ModuleDefinition(name: name, sections: [], stages: .on(.beginRequest, .authorizeRequest, .endRequest)) {
                    _ in nil
                }
            },
        server: """
            <system.webServer><globalModules>\(entries)</globalModules><modules>\(entries)</modules><handlers>
            <add name="Answer" path="*.txt" verb="*" modules="AnswerModule"/></handlers></system.webServer>
            """)
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
