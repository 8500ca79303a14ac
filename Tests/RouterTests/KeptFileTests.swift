import EventLoop
import Glibc
import Platform
import TestSupport
import Testing
import Wire
import Worker

/// Files that the router keeps open for further responses.
struct KeptFileTests {
    let folder: TemporaryFolder
    let plane: Plane
    let content = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    init() throws {
        folder = try TemporaryFolder()
        plane = try Plane()
        try folder.write("large", content)
    }

    var path: String { "\(folder.path)/large" }

    /// Waits until the whole file came; answers whether nothing else did.
    private func isServed(_ client: Client) -> Bool {
        plane.wait { client.bodyCount >= content.count }
        return client.body == content[...]
    }

    @Test func aFileThatWasSentTwiceIsSentWithoutBeingHandedOver() throws {
        var kept = 0
        let worker = try plane.worker { [self] _, stream in
            stream.begin(ResponseHead(status: 200, contentLength: UInt64(content.count)))
            guard let stamp = try? FileStamp.of(path) else { return stream.fail() }
            if stream.write(stamp, offset: 0, length: Int64(content.count)) {
                kept += 1
                return stream.end()
            }
            guard let file = try? FileDescriptor.open(path, O_RDONLY),
                stream.write(file, stamp, offset: 0, length: Int64(content.count)) == nil
            else { return stream.fail() }
            stream.end()
        }
        let client = try plane.client()
        var total = 0
        for _ in 0..<140 {
            client.received = []
            client.get("/large")
            // The head is equally long each time.
            if total == 0 { #expect(isServed(client)) } else { plane.wait { client.received.count >= total } }
            total = client.received.count
            let isWhole = client.body == content[...]
            #expect(isWhole && !client.hasEnded)
        }
        // More than there may be open at once.
        #expect(kept == 138 && worker.heads.count == 140 && !worker.hasEnded)
    }

    /// Asks for something, and answers as a worker would whose frames `write` writes.
    private func answer(
        length: Int = 1000, _ write: (Client, UInt32) throws -> Void
    ) throws -> (client: Client, worker: Client) {
        let worker = try plane.rawWorker()
        let client = try plane.client()
        worker.received = []
        client.get("/")
        plane.wait { worker.received.count >= 8 }
        let asked = worker.received
        let number = try #require(try Frame(asked.span)).stream
        let stream = try #require(worker.stream)
        try ResponseHead(status: 200, contentLength: UInt64(length)).append(to: &stream.output, stream: number)
        try write(worker, number)
        stream.flushLater()
        return (client, worker)
    }

    private func keep(_ number: UInt32, _ worker: Client) throws {
        let stream = try #require(worker.stream)
        stream.send(try FileDescriptor.open(path, O_RDONLY))
        stream.output.append(keepFile: number)
    }

    private func part(_ number: UInt32, _ length: Int64 = 1000) -> KeptFilePart {
        KeptFilePart(number: number, part: FilePart(offset: 0, length: length))
    }

    @Test func aFileThatIsDroppedIsStillSentWhole() throws {
        let (client, worker) = try answer(length: content.count) { worker, number in
            try keep(127, worker)
            let stream = try #require(worker.stream)
            part(127, Int64(content.count)).append(to: &stream.output, stream: number)
            stream.output.append(dropFile: 127)
            // The number is free at once.
            try keep(127, worker)
            stream.output.append(dropFile: 127)
            stream.output.append(frame: .responseEnd, stream: number)
        }
        let isWhole = isServed(client)
        #expect(isWhole)
        // The worker may hand over two others.
        var done: Int {
            let bytes = worker.received
            var (position, count) = (0, 0)
            while let frame = try? Frame(bytes.span.extracting(droppingFirst: position)) {
                let end = position + Frame.headerSize + frame.length
                guard end <= bytes.count else { break }
                let payload = bytes.span.extracting(position + Frame.headerSize..<end)
                if frame.kind == .filesDone { count += (try? Frame.fileCount(payload)) ?? 0 }
                position = end
            }
            return count
        }
        plane.wait { done == 2 }
        #expect(!worker.hasEnded)
    }

    @Test(arguments: ["unknown", "dropped", "no descriptor", "number", "twice", "drop", "folder", "too many"])
    func aWorkerThatSaysOfFilesWhatItMustNot(_ what: String) throws {
        let (client, _) = try answer { worker, number in
            let stream = try #require(worker.stream)
            switch what {
            case "unknown": part(0).append(to: &stream.output, stream: number)
            case "dropped":
                try keep(0, worker)
                stream.output.append(dropFile: 0)
                part(0).append(to: &stream.output, stream: number)
            case "no descriptor": stream.output.append(keepFile: 0)
            case "number": try keep(128, worker)
            case "twice":
                try keep(0, worker)
                try keep(0, worker)
            case "drop": stream.output.append(dropFile: .max)
            case "folder":
                stream.send(try .open(folder.path, O_RDONLY))
                stream.output.append(keepFile: 0)
            default:
                for number in 0..<128 as Range<UInt32> { try keep(number, worker) }
                stream.send(try FileDescriptor.open(path, O_RDONLY))
                FilePart(offset: 0, length: 1000).append(to: &stream.output, stream: number)
            }
        }
        plane.wait {
            plane.messages.contains { if case .linkBroken(1, let text) = $0 { !text.isEmpty } else { false } }
        }
        plane.wait { client.hasEnded }
        #expect(client.body.isEmpty)
    }
}
