import EventLoop
import Glibc
import Platform
import Router
import TestSupport
import Testing
import Wire
import Worker

extension Plane {
    /// Turns the loop until the condition holds, with patience for threads that work for it.
    func wait(_ condition: () -> Bool) {
        for _ in 0..<4000 where !condition() { turnOnce(maximumWait: 5) }
        #expect(condition())
    }
}

/// Responses whose body is a file that the worker hands over.
struct FileTransferTests {
    let folder: TemporaryFolder
    let plane: Plane
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    init() throws {
        folder = try TemporaryFolder()
        plane = try Plane()
        try folder.write("large", content)
    }

    func file(_ flags: Int32 = O_RDONLY) throws -> FileDescriptor { try .open("\(folder.path)/large", flags) }

    /// A worker that answers with a part of the file.
    func worker(offset: Int64 = 0, length: Int64? = nil) throws -> TestWorker {
        let length = length ?? Int64(content.count)
        return try plane.worker { [self] _, stream in
            stream.begin(ResponseHead(status: 200, contentLength: UInt64(length)))
            guard let file = try? file() else { return stream.fail() }
            let back = stream.write(file, offset: offset, length: length)
            if back != nil { stream.fail() } else { stream.end() }
        }
    }

    func isServed(_ client: Client) -> Bool { client.bodyCount >= content.count }

    @Test func aFileIsSentWholeAndTheConnectionGoesOn() throws {
        let worker = try worker()
        let client = try plane.client()
        for _ in 0..<3 {
            client.received = []
            client.get("/large")
            plane.wait { isServed(client) }
            #expect(client.body == content[...] && !client.hasEnded)
        }
        #expect(worker.heads.count == 3 && !worker.hasEnded)
    }

    @Test func aPartOfAFileIsSent() throws {
        let worker = try worker(offset: 100_000, length: 100_001)
        let client = try plane.client()
        client.get("/large")
        client.get("/again")
        plane.wait { client.received.count > 200_002 }
        #expect(client.body.prefix(100_001) == content[100_000..<200_001])
        plane.wait { client.received.suffix(100_001) == content[100_000..<200_001] }
        #expect(worker.heads.count == 2)
    }

    @Test func headGetsNothingOfTheFile() throws {
        let worker = try worker()
        let client = try plane.client()
        client.send("HEAD /large HTTP/1.1\r\nHost: h\r\n\r\n")
        plane.wait { client.text.hasSuffix("\r\n\r\n") }
        #expect(client.text.contains("Content-Length: 300000\r\n"))
        client.received = []
        client.get("/large")
        plane.wait { isServed(client) }
        #expect(worker.heads.count == 2)
    }

    @Test func aClientThatReadsNothingHoldsNobodyUpAndIsServedLater() throws {
        let worker = try worker()
        let (slow, other) = (try plane.client(), try plane.client())
        slow.stream?.pause()
        for _ in 0..<40 { slow.get("/large") }
        plane.settle()
        other.get("/large")
        plane.wait { isServed(other) }
        #expect(slow.received.isEmpty && worker.heads.count < 41)
        slow.stream?.resume()
        plane.wait { slow.received.count > 40 * content.count }
        #expect(slow.received.suffix(content.count) == content[...] && worker.heads.count == 41)
    }

    @Test func aClientThatLeavesLetsTheFileGo() throws {
        let worker = try worker()
        for _ in 0..<150 {
            let client = try plane.client()
            client.stream?.pause()
            client.get("/large")
            plane.settle()
            client.close()
            plane.settle()
        }
        // More files than may be open at once: the worker has its leave back, sooner or later.
        var wasServed = false
        for _ in 0..<100 where !wasServed {
            let client = try plane.client()
            client.get("/large")
            plane.wait { isServed(client) || client.hasEnded }
            wasServed = isServed(client)
        }
        #expect(wasServed && !worker.hasEnded)
    }

    @Test func aFileThatShrankBreaksTheResponseOff() throws {
        // More than the socket's buffers take.
        let size = 40_000_000
        unsafe truncate("\(folder.path)/large", size)
        let worker = try worker(length: Int64(size))
        let client = try plane.client()
        client.stream?.pause()
        client.get("/large")
        plane.wait { worker.heads.count == 1 }
        plane.settle()
        unsafe truncate("\(folder.path)/large", 1000)
        client.stream?.resume()
        plane.wait { client.hasEnded }
        #expect(client.received.count < size && !worker.hasEnded)
    }

    @Test func aFileInMemoryFileSystemsIsReadByAThread() throws {
        let memory = try FileDescriptor.sealedMemory(content, name: "large")
        let path = "/proc/self/fd/\(memory.number)"
        let worker = try plane.worker { [content] _, stream in
            stream.begin(ResponseHead(status: 200, contentLength: UInt64(content.count)))
            guard let file = try? FileDescriptor.open(path, O_RDONLY) else { return stream.fail() }
            _ = stream.write(file, offset: 0, length: Int64(content.count))
            stream.end()
        }
        let client = try plane.client()
        client.get("/")
        plane.wait { isServed(client) }
        #expect(client.body == content[...] && worker.heads.count == 1)
    }

    @Test(arguments: ["folder", "pipe", "none", "unreadable", "longer", "twice", "with body", "no length", "many"])
    func aWorkerThatHandsOverWhatItMustNot(_ what: String) throws {
        let worker = try plane.rawWorker()
        let client = try plane.client()
        worker.received = []
        client.get("/")
        plane.wait { worker.received.count >= 8 }
        let asked = worker.received
        let number = try #require(try Frame(asked.span)).stream
        let stream = try #require(worker.stream)
        let length = Int64(what == "longer" ? 300_001 : 150_000)
        let head = ResponseHead(status: 200, contentLength: what == "no length" ? nil : UInt64(length))
        try head.append(to: &stream.output, stream: number)
        switch what {
        case "folder": stream.send(try .open(folder.path, O_RDONLY))
        case "pipe":
            unsafe mkfifo("\(folder.path)/pipe", 0o600)
            stream.send(try .open("\(folder.path)/pipe", O_RDONLY | O_NONBLOCK))
        case "none": break
        case "unreadable": stream.send(try file(O_WRONLY))
        default: stream.send(try file())
        }
        FilePart(offset: 0, length: length).append(to: &stream.output, stream: number)
        switch what {
        case "twice":
            stream.send(try file())
            FilePart(offset: 0, length: 1).append(to: &stream.output, stream: number)
        case "with body": stream.output.append(frame: .responseBody, stream: number, body: [1].span)
        case "many":
            for _ in 0..<80 {
                stream.send(try file())
                stream.output.append(ping: 1)
            }
        default: break
        }
        if what == "longer" || what == "unreadable" { stream.output.append(frame: .responseEnd, stream: number) }
        stream.flushLater()
        // A file that turns out to be shorter, or not to be read, may have become so; the rest nobody does by chance.
        // A client may have its whole response all the same.
        let isFault = what != "longer" && what != "unreadable"
        var reasons: [String] {
            plane.messages.compactMap { if case .linkBroken(1, let text) = $0 { text } else { nil } }
        }
        plane.wait { (client.hasEnded || client.body.count == length) && !(isFault && reasons.isEmpty) }
        #expect(isFault || (reasons.isEmpty && client.body.count < length), "\(reasons)")
        #expect(client.body.count <= content.count)
    }
}
