import CompressionTesting
import HTTP1
import Modules
import PipelineTesting
import Platform
import Wire

/// A host with all modules, whose files were written long ago, and a folder for what it compresses.
struct CompressionBench {
    /// For this clock every file was written long ago.
    static func later() -> Int64 { FileStamp.now() + 1_000_000_000 }

    static let text = String(repeating: "Each line of the page is like the one before.\n", count: 200)

    let host: TestHost
    let services = TestServices()
    let directory: TestFolder

    /// - Parameters:
    ///   - attributes: of `httpCompression`.
    ///   - elements: inside it.
    init(
        _ attributes: String = "", _ elements: String = "", directory: TestFolder? = nil,
        keeper: MarkEverything? = nil
    ) throws {
        self.directory = try directory ?? TestFolder()
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(clock: Self.later), services: services),
            server: """
                <system.webServer>
                  <httpCompression directory="\(self.directory.path)" \(attributes)>\(elements)</httpCompression>
                </system.webServer>
                """, keeper: keeper)
        try host.folder.write("www/a.txt", Self.text)
    }

    func get(_ target: String = "/a.txt", _ codings: String? = nil, _ more: [(String, String)] = []) throws
        -> RecordingSink
    {
        try host.get(target, headers: (codings.map { [("Accept-Encoding", $0)] } ?? []) + more)
    }

    /// The answer after a file was asked for often enough.
    func getOften(_ target: String = "/a.txt", _ codings: String? = nil, _ more: [(String, String)] = []) throws
        -> RecordingSink
    {
        for _ in 0..<3 { _ = try get(target, codings, more) }
        return try get(target, codings, more)
    }
}

extension RecordingSink {
    /// The body with its `Content-Encoding` undone.
    var plainText: String? {
        guard let name = value("content-encoding") else { return text }
        guard let coding = ContentCoding(Array(name.utf8).span), let bytes = decompress(coding, body) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
