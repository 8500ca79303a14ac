/// A request that a worker has answered, as it is told to whoever follows.
public struct TracedRequest: Equatable, Sendable {
    /// `RouteTable.Site.id`
    public var siteID: UInt32
    public var method: String
    /// As the client wrote it.
    public var target: String
    /// 0 where the client left before there was an answer.
    public var status: UInt16
    public var subStatus: UInt16
    /// The module that answered or refused.
    public var module: String
    /// The stage at which that was, by IIS's name; empty where no module answered.
    public var stage: String
    /// From the request's head to the last byte of the answer. Unit: microseconds.
    public var microseconds: UInt64

    public init(
        siteID: UInt32, method: String, target: String, status: UInt16, subStatus: UInt16, module: String,
        stage: String, microseconds: UInt64
    ) {
        self.siteID = siteID
        self.method = method
        self.target = target
        self.status = status
        self.subStatus = subStatus
        self.module = module
        self.stage = stage
        self.microseconds = microseconds
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: siteID)
        output.append(counted: method)
        output.append(counted: target)
        output.append(littleEndian: status)
        output.append(littleEndian: subStatus)
        output.append(counted: module)
        output.append(counted: stage)
        output.append(littleEndian: microseconds)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        siteID = try reader.integer()
        method = try reader.string()
        target = try reader.string()
        status = try reader.integer()
        subStatus = try reader.integer()
        module = try reader.string()
        stage = try reader.string()
        microseconds = try reader.integer()
    }
}

/// A request that a worker has in work.
public struct RunningRequest: Equatable, Sendable {
    /// `RouteTable.Site.id`
    public var siteID: UInt32
    public var method: String
    /// As the client wrote it.
    public var target: String
    /// The client's end of the connection.
    public var client: Endpoint
    /// The stage that it is in, by IIS's name.
    public var stage: String
    /// The module that has it.
    public var module: String
    /// Since its head came. Unit: milliseconds.
    public var milliseconds: UInt64

    /// How many are told at once, those that have been in work longest.
    public static let limit = 1000

    public init(
        siteID: UInt32, method: String, target: String, client: Endpoint, stage: String, module: String,
        milliseconds: UInt64
    ) {
        self.siteID = siteID
        self.method = method
        self.target = target
        self.client = client
        self.stage = stage
        self.module = module
        self.milliseconds = milliseconds
    }

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: siteID)
        output.append(counted: method)
        output.append(counted: target)
        client.append(to: &output)
        output.append(counted: stage)
        output.append(counted: module)
        output.append(littleEndian: milliseconds)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        siteID = try reader.integer()
        method = try reader.string()
        target = try reader.string()
        client = try Endpoint(&reader)
        stage = try reader.string()
        module = try reader.string()
        milliseconds = try reader.integer()
    }
}
