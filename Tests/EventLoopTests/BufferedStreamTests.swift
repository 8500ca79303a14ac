import EventLoop
import Platform
import Testing

/// Two streams on one loop, over a real socket pair.
struct BufferedStreamTests {
    final class Side: StreamHandler {
        var received: [UInt8] = []
        var hasEnded = false
        var failure: SystemError?
        var hasDrained = false
        var isClosed = false
        /// How many bytes are taken at once; what is fewer stays.
        var portion = 1
        var pausesAfterReceiving = false

        func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
            let taken = bytes.count / portion * portion
            for index in 0..<taken { received.append(bytes[index]) }
            if pausesAfterReceiving { stream.pause() }
            return taken
        }

        func receivedEnd(from stream: BufferedStream) { hasEnded = true }
        func failed(_ error: SystemError, on stream: BufferedStream) { failure = error }
        func drained(_ stream: BufferedStream) { hasDrained = true }
        func closed(_ stream: BufferedStream) { isClosed = true }
    }

    let loop: EventLoop
    let left = Side()
    let right = Side()
    let leftStream: BufferedStream
    let rightStream: BufferedStream

    init() throws {
        loop = try EventLoop()
        let pair = try FileDescriptor.streamPair()
        leftStream = BufferedStream(pair.one, on: loop, passesDescriptors: true)
        rightStream = BufferedStream(pair.other, on: loop, passesDescriptors: true)
        try leftStream.open(left)
        try rightStream.open(right)
    }

    /// Turns the loop until `condition`, at most a thousand times.
    func turn(until condition: () -> Bool) {
        var turns = 0
        while !condition(), turns < 1000 {
            loop.turn(maximumWait: 10)
            turns += 1
        }
        #expect(condition())
    }

    func write(_ bytes: [UInt8], on stream: BufferedStream) { stream.write(bytes.span) }

    @Test func whatOneSideWritesTheOtherReceives() {
        write(Array("hello ".utf8), on: leftStream)
        write(Array("world".utf8), on: leftStream)
        turn { right.received.count >= 11 }
        #expect(right.received == Array("hello world".utf8))
    }

    @Test func whatIsNotTakenComesAgainWithWhatFollows() {
        right.portion = 4
        write([1, 2, 3], on: leftStream)
        loop.turn(maximumWait: 10)
        loop.turn(maximumWait: 10)
        #expect(right.received.isEmpty)
        write([4, 5], on: leftStream)
        turn { right.received.count >= 4 }
        #expect(right.received == [1, 2, 3, 4])
    }

    @Test func anEndInTheSameEdgeAsTheLastBytesIsSeen() {
        write([7], on: leftStream)
        leftStream.closeAfterOutput()
        turn { right.hasEnded }
        #expect(right.received == [7] && left.isClosed && !leftStream.isOpen)
    }

    @Test func aPausedStreamReadsOnWhereItStopped() {
        right.pausesAfterReceiving = true
        write([UInt8](repeating: 1, count: 100_000), on: leftStream)
        turn { rightStream.isPaused }
        let first = right.received.count
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        #expect(right.received.count == first && first < 100_000)
        right.pausesAfterReceiving = false
        rightStream.resume()
        turn { right.received.count == 100_000 }
    }

    @Test func aReaderThatWaitsIsToldToTheWriterAndDrainingToo() {
        rightStream.pause()
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        write(bytes, on: leftStream)
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        #expect(leftStream.outputCount > BufferedStream.highWaterMark && !left.hasDrained)
        rightStream.resume()
        turn { right.received.count == bytes.count }
        #expect(right.received == bytes && left.hasDrained && leftStream.outputCount == 0)
    }

    @Test(arguments: [false, true])
    func aPausedStreamHearsTheLastWordsOfAPeerThatEnded(endIsToldFromOutside: Bool) {
        rightStream.hearsLastWords = true
        right.pausesAfterReceiving = true
        right.portion = 2
        write([1, 1, 1], on: leftStream)
        turn { rightStream.isPaused }
        write([UInt8](repeating: 2, count: 100_001), on: leftStream)
        leftStream.closeAfterOutput()
        turn { left.isClosed }
        if endIsToldFromOutside { rightStream.hearLastWords() }
        turn { right.hasEnded }
        #expect(right.received.count == 100_004 && right.failure == nil)
    }

    @Test func lastWordsAreHeardWhereWritingIsWhatFails() {
        rightStream.hearsLastWords = true
        rightStream.pause()
        write([7], on: leftStream)
        leftStream.closeAfterOutput()
        turn { left.isClosed }
        write([8], on: rightStream)
        rightStream.turnEnded()
        #expect(right.received == [7])
    }

    /// The kernel of a Unix socket holds some of it, and a peer that closes breaks both directions at once.
    @Test func whatAPeerWroteBeforeItClosedIsReadWhenThePausedReaderWantsIt() {
        rightStream.readsToTheEnd = true
        right.pausesAfterReceiving = true
        let bytes = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        write(bytes, on: leftStream)
        leftStream.closeAfterOutput()
        // Each turn hands on what one read brings, and leaves the rest where it is.
        for _ in 0..<1000 where !left.isClosed {
            rightStream.resume()
            loop.turn(maximumWait: 10)
        }
        let early = right.received.count
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        #expect(rightStream.isOpen && rightStream.isPaused && right.failure == nil)
        #expect(right.received.count == early && early < bytes.count && !right.hasEnded)
        right.pausesAfterReceiving = false
        rightStream.resume()
        turn { right.hasEnded }
        #expect(right.received == bytes && right.failure == nil)
    }

    /// `isPaused`: the reader wants it later. `hasUnread`: the peer ends by breaking off, as it has not read everything.
    @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
    func whatAPeerWroteIsReadThoughItTakesNothingMore(_ isPaused: Bool, _ hasUnread: Bool) {
        rightStream.readsToTheEnd = true
        leftStream.pause()
        if hasUnread {
            write([1], on: rightStream)
            turn { rightStream.outputCount == 0 }
        }
        if isPaused { rightStream.pause() }
        let bytes = [UInt8](repeating: 7, count: 100_000)
        write(bytes, on: leftStream)
        leftStream.turnEnded()
        leftStream.close()
        // Unpaused, the next turn reads to the end.
        for _ in 0..<(isPaused ? 3 : 1) {
            write([UInt8](repeating: 8, count: 200_000), on: rightStream)
            rightStream.turnEnded()
            #expect(rightStream.isOpen && rightStream.outputCount == 0 && right.failure == nil)
        }
        #expect(right.hasDrained)
        if isPaused {
            for _ in 0..<3 { loop.turn(maximumWait: 0) }
            #expect(rightStream.isOpen && right.received.isEmpty)
            rightStream.resume()
        }
        turn { right.hasEnded || right.failure != nil }
        #expect(right.received == bytes && right.hasEnded == !hasUnread)
        guard !hasUnread else { return }
        // Nobody is left to tell it by an end.
        write([9], on: rightStream)
        turn { right.failure != nil }
    }

    @Test func aBrokenConnectionWhosePausedReaderDoesNotWantTheRestFails() {
        rightStream.pause()
        write([1], on: leftStream)
        leftStream.closeAfterOutput()
        turn { right.failure != nil }
        #expect(!rightStream.isOpen)
    }

    @Test func descriptorsArriveWithTheByteTheyWereSentWith() throws {
        for number in 0..<3 {
            write([9, 9], on: leftStream)
            leftStream.send(try FileDescriptor.sealedMemory([UInt8(number)], name: "test"))
            write([UInt8(number)], on: leftStream)
        }
        turn { right.received.count == 9 }
        #expect(right.received == [9, 9, 0, 9, 9, 1, 9, 9, 2])
        for number in 0..<3 {
            let contents = try rightStream.descriptors.take()?.memoryContents(limit: 10)
            #expect(contents == [UInt8(number)])
        }
        let left = rightStream.descriptors.count
        #expect(left == 0)
    }

    @Test func aStreamFloodedWithDescriptorsFails() throws {
        for _ in 0..<65 {
            leftStream.send(try FileDescriptor.sealedMemory([], name: "test"))
            write([0], on: leftStream)
        }
        turn { right.failure != nil }
        #expect(!rightStream.isOpen)
    }

    @Test func aClosedStreamHearsNothingMore() {
        write([1], on: leftStream)
        loop.turn(maximumWait: 0)
        rightStream.close()
        loop.turn(maximumWait: 0)
        #expect(right.received.isEmpty && right.failure == nil)
        turn { left.hasEnded || left.failure != nil }
    }

    @Test func aLingeringStreamWaitsForThePeersEnd() {
        write([1, 2], on: leftStream)
        leftStream.closeAfterOutput(lingering: true)
        turn { right.hasEnded }
        write([3], on: rightStream)
        for _ in 0..<3 { loop.turn(maximumWait: 0) }
        #expect(leftStream.isOpen && right.failure == nil && left.received.isEmpty)
        rightStream.close()
        turn { left.isClosed }
    }
}
