import HTTP1
import PipelineTesting
import Platform
import Testing
import Wire

@testable import Modules

/// Compressed files that outlive their worker.
struct CompressedFilesOnDiskTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// The pool's own part of the folder.
    private var files: [String] {
        get throws {
            let home = try #require(CurrentProcess.variable("HOME")?.split(separator: "/").last)
            return (try? Folder.names(in: "\(folder.path)/\(home)")) ?? []
        }
    }

    /// Asks two workers, one after the other, for the same file.
    private func host(_ site: TestFolder, _ attributes: String = "") throws -> TestHost {
        try TestHost(
            BuiltInModules.definitions(files: FileCache(clock: CompressionBench.later), services: TestServices()),
            server:
                "<system.webServer><httpCompression directory=\"\(folder.path)\" \(attributes)/></system.webServer>",
            applications: """
                <application path="/site" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="\(site.path)"/>
                </application>
                """)
    }

    private func get(_ host: TestHost) throws -> RecordingSink {
        try host.get("/site/a.txt", headers: [("Accept-Encoding", "gzip")])
    }

    @Test func aLaterWorkerSendsWhatAnEarlierOneCompressed() throws {
        let site = try TestFolder()
        try site.write("a.txt", CompressionBench.text)
        let first = try host(site)
        for _ in 0..<2 { _ = try get(first) }
        #expect(try files.count == 1)
        let answer = try get(try host(site))
        #expect(answer.value("content-encoding") == "gzip" && answer.plainText == CompressionBench.text)
    }

    @Test func whatWasMadeOfAnOlderStateIsNotSent() throws {
        let site = try TestFolder()
        try site.write("a.txt", CompressionBench.text)
        let first = try host(site)
        for _ in 0..<2 { _ = try get(first) }
        // As long as before, and with the same time of writing.
        let other = String(CompressionBench.text.reversed())
        try site.write("a.txt", other)
        let second = try host(site)
        for _ in 0..<3 { #expect(try get(second).plainText == other) }
        #expect(try get(second).value("content-encoding") == "gzip")
        #expect(try files.count == 1)
    }

    @Test func aDamagedFileIsMadeAnew() throws {
        let site = try TestFolder()
        try site.write("a.txt", CompressionBench.text)
        let first = try host(site)
        for _ in 0..<2 { _ = try get(first) }
        let home = try #require(CurrentProcess.variable("HOME")?.split(separator: "/").last)
        for damage in ["", "HOSTELRY COMPRESSED 1\n", "nonsense"] {
            try folder.write("\(home)/\(try files[0])", damage)
            let later = try host(site)
            for _ in 0..<2 { #expect(try get(later).text == CompressionBench.text) }
            #expect(try get(later).plainText == CompressionBench.text)
            #expect(try get(later).value("content-encoding") == "gzip")
        }
    }

    @Test func aLargeFormIsSentFromDisk() throws {
        var state: UInt64 = 7
        let digits = Array("0123456789abcdef".utf8)
        let bytes: [UInt8] = (0..<1_000_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return digits[Int(state >> 60)]
        }
        let site = try TestFolder()
        try site.write("a.txt", bytes: bytes)
        for _ in 0..<2 {
            let host = try host(site, "staticCompressionIgnoreHitFrequency=\"true\"")
            _ = try get(host)
            for _ in 0..<2 {
                let answer = try get(host)
                #expect(answer.value("content-encoding") == "gzip" && answer.body.count > 262_144)
                #expect(answer.head?.contentLength == UInt64(answer.body.count))
                #expect(answer.plainText.map { Array($0.utf8) } == bytes)
            }
        }
        // What goes is made anew.
        let host = try host(site, "staticCompressionIgnoreHitFrequency=\"true\"")
        #expect(try get(host).value("content-encoding") == "gzip")
        let home = try #require(CurrentProcess.variable("HOME")?.split(separator: "/").last)
        folder.remove("\(home)/\(try files[0])")
        #expect(try get(host).body == bytes)
        _ = try get(host)
        #expect(try get(host).value("content-encoding") == "gzip")
    }

    @Test func withoutAFolderSmallFormsAreHeldInMemory() throws {
        let site = try TestFolder()
        try site.write("a.txt", CompressionBench.text)
        try folder.write("file", "no folder")
        let services = TestServices()
        let files = CompressedFiles(
            services, CompressedFolder(["\(folder.path)/file"], limit: nil), clock: CompressionBench.later)
        let path = try #require(SystemPath("\(site.path)/a.txt".utf8))
        let source = CompressedFiles.Source(
            key: CompressedFileKey(path: path, coding: .gzip, level: 7), stamp: try FileInformation.of(path).stamp,
            root: try #require(SystemPath(site.path.utf8)), relative: try #require(SystemPath("a.txt".utf8)))
        _ = files.find(source, CompressedFiles.Frequency(threshold: 1, period: 0)) { _ in }
        guard case .memory = files.find(source, nil, whenFound: { _ in }) else {
            Issue.record("not held")
            return
        }
        #expect(services.reports.count == 1 && services.reports[0].hasPrefix("Compressed files cannot be kept: "))
    }

    @Test func theLongestUnusedFilesGoWhereThereAreTooMany() throws {
        let place = "\(folder.path)/pool"
        let kept = CompressedFolder([place], limit: 10_000)
        let stamp = try FileInformation.of(try #require(SystemPath(folder.path.utf8))).stamp
        for number in 0..<20 {
            let key = CompressedFileKey(
                path: try #require(SystemPath("/\(number)".utf8)), coding: .br, level: 1)
            guard let draft = kept.draft(key, stamp) else {
                Issue.record("no draft")
                return
            }
            try draft.append([UInt8](repeating: 1, count: 1000))
            let isKept = kept.commit(draft, key, length: 1000)
            #expect(isKept)
            for (age, name) in try Folder.names(in: place).enumerated() where number == 0 && age == 0 {
                try folder.setModified("pool/\(name)", seconds: 1)
            }
        }
        let sizes = try Folder.names(in: place).map { name in
            try FileInformation.of(try #require(SystemPath("\(place)/\(name)".utf8))).stamp.size
        }
        #expect(sizes.reduce(0, +) <= 10_000 && sizes.count >= 7)
        let first = CompressedFileKey(path: try #require(SystemPath("/0".utf8)), coding: .br, level: 1)
        let isThere = kept.open(first, stamp) != nil
        #expect(!isThere && !kept.hasRoom(for: 10_001))
    }
}
