/// An internet address. An IPv4 address is held as IPv6's mapped form, `::ffff:a.b.c.d`.
public struct IPAddress: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    /// The two halves of the sixteen bytes, most significant first.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The IPv4 address `a.b.c.d`, `a` in the highest byte.
    public init(v4: UInt32) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(v4))
    }

    /// `::`, every address of the machine where an endpoint listens.
    public static let any = IPAddress(high: 0, low: 0)

    /// The address as IPv4, where it is one.
    public var v4: UInt32? {
        high == 0 && low >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: high)
        output.append(littleEndian: low)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        high = try reader.integer()
        low = try reader.integer()
    }
}

/// An address and a TCP port.
public struct Endpoint: Hashable, Sendable {
    public let address: IPAddress
    public let port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    static let size = 18

    func append(to output: inout [UInt8]) { output.append(size: Self.size) { put(in: &$0) } }

    func put(in slots: inout IntegerSlots) {
        slots.put(address.high)
        slots.put(address.low)
        slots.put(port)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        address = try IPAddress(&reader)
        port = try reader.integer()
    }

    init(_ bytes: Span<UInt8>, at offset: Int) {
        address = IPAddress(
            high: bytes.integer(UInt64.self, at: offset), low: bytes.integer(UInt64.self, at: offset + 8))
        port = bytes.integer(UInt16.self, at: offset + 16)
    }
}
