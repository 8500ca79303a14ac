import Control
import EventLoop
import Platform
import Testing
import Wire

struct ControlChannelTests {
    final class Side: ControlHandler {
        var messages: [ControlMessage] = []
        var contents: [[UInt8]] = []
        var reason: String?
        /// Takes no more after a message of this.
        var lastMessage: ControlMessage?

        func received(_ message: ControlMessage, descriptor: consuming FileDescriptor?, from channel: ControlChannel) {
            messages.append(message)
            if message == lastMessage { channel.pause() }
            if let descriptor { contents.append((try? descriptor.memoryContents(limit: 100)) ?? []) }
        }

        func ended(_ channel: ControlChannel, reason: String) { self.reason = reason }
    }

    let loop: EventLoop
    let master = Side()
    let worker = Side()
    let channel: ControlChannel
    let far: BufferedStreamEnd

    /// The worker's end: a channel, or raw bytes.
    final class BufferedStreamEnd {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    init() throws {
        loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        channel = try ControlChannel(pair.one, on: loop, role: .master, handler: master)
        far = BufferedStreamEnd(pair.other)
    }

    func turns(_ count: Int = 5) { for _ in 0..<count { loop.turn(maximumWait: 0) } }

    @Test func bothSidesGreetAndMessagesArriveInOrderWithTheirDescriptors() throws {
        let other = try ControlChannel(far.descriptor.duplicate(), on: loop, role: .worker, handler: worker)
        let slice = ControlMessage.Slice(pool: 1, poolName: "p", path: "/a", folder: "/")
        channel.send(.configure(slice), descriptor: try .sealedMemory([1, 2], name: "one"))
        channel.send(.link, descriptor: try .sealedMemory([3], name: "two"))
        channel.send(.drain)
        other.send(.ready)
        turns()
        #expect(
            worker.messages
                == [.hello(role: .master, versions: .control), .configure(slice), .link, .drain])
        #expect(worker.contents == [[1, 2], [3]])
        #expect(master.messages == [.hello(role: .worker, versions: .control), .ready])
        other.close()
    }

    @Test func whatComesWhileAChannelIsPausedComesWhenItIsResumed() throws {
        var bytes: [UInt8] = []
        let messages: [ControlMessage] = [
            .hello(role: .worker, versions: .control), .trouble("one"), .trouble("two"), .trouble("three"),
        ]
        for message in messages { message.append(to: &bytes) }
        master.lastMessage = .trouble("one")
        _ = try far.descriptor.send(bytes.span)
        turns()
        #expect(master.messages == Array(messages[..<2]))
        ControlMessage.ready.append(to: &bytes)
        _ = try far.descriptor.send(bytes.span.extracting(last: ControlFrame.headerSize))
        turns()
        #expect(master.messages.count == 2)
        channel.resume()
        turns()
        #expect(master.messages == messages + [.ready])
    }

    @Test func aMessageBeforeHelloEndsTheConversation() throws {
        var bytes: [UInt8] = []
        ControlMessage.ready.append(to: &bytes)
        _ = try far.descriptor.send(bytes.span)
        turns()
        #expect(master.messages.isEmpty && master.reason == "a message came before hello")
    }

    @Test func aDescriptorThatIsNotThereEndsTheConversation() throws {
        var bytes: [UInt8] = []
        ControlMessage.hello(role: .worker, versions: .control).append(to: &bytes)
        ControlMessage.link.append(to: &bytes)
        _ = try far.descriptor.send(bytes.span)
        turns()
        #expect(master.reason == "a message came without its descriptor")
    }

    @Test func sidesWithoutACommonVersionPart() throws {
        var bytes: [UInt8] = []
        ControlMessage.hello(role: .worker, versions: Versions(oldest: 9, newest: 9)).append(to: &bytes)
        _ = try far.descriptor.send(bytes.span)
        turns()
        #expect(master.reason == "hello has no version in common with us")
    }

    @Test func bytesThatAreNoMessageEndTheConversation() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 99, 0, 0, 0]
        _ = try far.descriptor.send(bytes.span)
        turns()
        #expect(master.reason?.contains("unknown kind") == true)
    }
}
