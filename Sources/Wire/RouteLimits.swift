extension RouteTable {
    /// What a site may use (reference §4.1, `limits`).
    public struct SiteLimits: Hashable, Sendable {
        /// How long a connection may be idle. Unit: seconds. IIS: 120.
        public var connectionTimeout: UInt32
        /// `unlimited` is off.
        public var maxConnections: UInt32
        /// Unit: bytes a second; `unlimited` is off.
        public var maxBandwidth: UInt32

        public init(
            connectionTimeout: UInt32 = 120, maxConnections: UInt32 = unlimited, maxBandwidth: UInt32 = unlimited
        ) {
            self.connectionTimeout = connectionTimeout
            self.maxConnections = maxConnections
            self.maxBandwidth = maxBandwidth
        }
    }

    /// What holds for all sites together, and for connections that no site has yet (`webLimits`).
    public struct ServerLimits: Hashable, Sendable {
        /// Unit: seconds. IIS: 120.
        public var connectionTimeout: UInt32
        /// How long a head may take. Unit: seconds; 0: as long as a connection may be idle. IIS: 0.
        public var headerWaitTimeout: UInt32
        /// How fast a client must take what is sent to it. Unit: bytes a second. IIS: 240.
        public var minBytesPerSecond: UInt32
        /// Unit: bytes a second; `unlimited` is off.
        public var maxGlobalBandwidth: UInt32

        public init(
            connectionTimeout: UInt32 = 120, headerWaitTimeout: UInt32 = 0, minBytesPerSecond: UInt32 = 240,
            maxGlobalBandwidth: UInt32 = unlimited
        ) {
            self.connectionTimeout = connectionTimeout
            self.headerWaitTimeout = headerWaitTimeout
            self.minBytesPerSecond = minBytesPerSecond
            self.maxGlobalBandwidth = maxGlobalBandwidth
        }
    }

    /// IIS's number for a limit that is off.
    public static let unlimited = UInt32.max
}

extension RouteTable.SiteLimits {
    func append(to output: inout [UInt8]) {
        output.append(littleEndian: connectionTimeout)
        output.append(littleEndian: maxConnections)
        output.append(littleEndian: maxBandwidth)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        connectionTimeout = try reader.integer()
        maxConnections = try reader.integer()
        maxBandwidth = try reader.integer()
    }
}

extension RouteTable.ServerLimits {
    func append(to output: inout [UInt8]) {
        output.append(littleEndian: connectionTimeout)
        output.append(littleEndian: headerWaitTimeout)
        output.append(littleEndian: minBytesPerSecond)
        output.append(littleEndian: maxGlobalBandwidth)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        connectionTimeout = try reader.integer()
        headerWaitTimeout = try reader.integer()
        minBytesPerSecond = try reader.integer()
        maxGlobalBandwidth = try reader.integer()
    }
}
