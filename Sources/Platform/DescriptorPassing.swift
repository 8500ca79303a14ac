internal import CPlatform
internal import Glibc

/// Descriptors that were received and not yet taken, in order. Those that nobody takes are closed.
public struct DescriptorQueue: ~Copyable, Sendable {
    private var numbers: [Int32] = []

    public init() {}

    deinit { for number in numbers { close(number) } }

    public var count: Int { numbers.count }

    /// Takes the oldest; nil when none is left.
    public mutating func take() -> FileDescriptor? {
        numbers.isEmpty ? nil : FileDescriptor(owning: numbers.removeFirst())
    }

    public mutating func append(_ descriptor: consuming FileDescriptor) { numbers.append(descriptor.release()) }

    fileprivate mutating func append(received: Span<Int32>) {
        for index in received.indices { numbers.append(received[index]) }
    }
}

/// What one try to read or write did.
public enum Transfer: Equatable, Sendable {
    case bytes(Int)
    /// Nothing to read, or no room to write, for now.
    case wouldBlock
    /// The other end writes no more.
    case end
}

extension FileDescriptor {
    /// The most descriptors that one `send` carries.
    public static let maximumDescriptorsPerSend = Int(HOSTELRY_DESCRIPTORS)

    /// Sends what fits, never raising SIGPIPE; descriptors travel with the first byte, and remain the caller's.
    /// `more` says that what follows at once may share a packet.
    public borrowing func send(
        _ bytes: Span<UInt8>, descriptors: Span<Int32> = Span(), more: Bool = false
    ) throws(SystemError) -> Transfer {
        // The pointers are used before the closures end.
        let count = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe descriptors.withUnsafeBufferPointer { descriptors in
                unsafe hostelry_send(
                    number, bytes.baseAddress, bytes.count, descriptors.baseAddress, descriptors.count, more)
            }
        }
        if count >= 0 { return .bytes(count) }
        guard errno == EAGAIN else { throw SystemError("sendmsg") }
        return .wouldBlock
    }

    /// Receives into `buffer` from a socket that passes no descriptors.
    @unsafe
    public borrowing func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Transfer {
        while true {
            let count = unsafe recv(number, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno == EAGAIN { return .wouldBlock }
            guard errno == EINTR else { throw SystemError("recv") }
        }
    }

    /// Receives into `buffer`, and appends descriptors that came along; they close on exec.
    @unsafe
    public borrowing func receive(
        into buffer: UnsafeMutableRawBufferPointer, descriptors: inout DescriptorQueue
    ) throws(SystemError) -> Transfer {
        var numbers: [Int32] = .init(repeating: -1, count: Self.maximumDescriptorsPerSend)
        var descriptorCount = 0
        let count = unsafe hostelry_receive(number, buffer.baseAddress, buffer.count, &numbers, &descriptorCount)
        let code = errno
        descriptors.append(received: numbers.span.extracting(first: descriptorCount))
        if count < 0 {
            guard code == EAGAIN else { throw SystemError("recvmsg", code: code) }
            return .wouldBlock
        }
        return count == 0 ? .end : .bytes(count)
    }
}
