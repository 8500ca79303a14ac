/// Which of the router's logs.
public enum LogID: Hashable, Sendable {
    /// Requests that the router refused or dropped (HTTP.sys's error log).
    case errors
    /// The access log of all sites in one file (`centralW3CLogFile`).
    case central
    /// A site's access log, by the site's id.
    case site(UInt32)

    func append(to output: inout [UInt8]) {
        switch self {
        case .errors: output.append(0)
        case .central: output.append(1)
        case .site(let id):
            output.append(2)
            output.append(littleEndian: id)
        }
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        switch try reader.integer(UInt8.self) {
        case 0: self = .errors
        case 1: self = .central
        case 2: self = .site(try reader.integer())
        default: throw WireError(.invalid, reader.subject)
        }
    }
}

/// A log file that the router asks the master for: without a folder, which is the master's to know.
public struct LogFileRequest: Equatable, Sendable {
    public enum Name: Equatable, Sendable {
        /// `u_ex261121.log`
        case exact(String)
        /// The last of the files `prefix`, number, `suffix`, `.log`, and none before `minimum` (from 1).
        case numbered(prefix: String, minimum: UInt32, suffix: String = "")
    }

    public var log: LogID
    /// The router's number for the question; the answer has it too.
    public var number: UInt32
    public var name: Name

    public init(log: LogID, number: UInt32, name: Name) {
        self.log = log
        self.number = number
        self.name = name
    }

    /// Letters of a file's name. Whatever the router says, nothing else becomes part of a path.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    func append(to output: inout [UInt8]) {
        log.append(to: &output)
        output.append(littleEndian: number)
        switch name {
        case .exact(let name):
            output.append(0)
            output.append(counted: name)
        case .numbered(let prefix, let minimum, let suffix):
            output.append(1)
            output.append(counted: prefix)
            output.append(littleEndian: minimum)
            output.append(counted: suffix)
        }
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        log = try LogID(&reader)
        number = try reader.integer()
        let isNumbered = try reader.boolean()
        let text = try reader.string()
        var suffix = ""
        if isNumbered {
            let minimum: UInt32 = try reader.integer()
            suffix = try reader.string()
            name = .numbered(prefix: text, minimum: minimum, suffix: suffix)
        } else {
            name = .exact(text)
        }
        let plain = isNumbered ? text + suffix : text.hasSuffix(".log") ? String(text.dropLast(4)) : ""
        guard Self.isPlain(plain) else { throw WireError(.invalid, reader.subject) }
    }
}

/// The master's answer, with the open file.
public struct LogFileAnswer: Equatable, Sendable {
    public var log: LogID
    /// Of the request.
    public var number: UInt32
    /// The number in the file's name; 0 where it has none.
    public var fileNumber: UInt32
    /// Unit: bytes.
    public var length: UInt64

    public init(log: LogID, number: UInt32, fileNumber: UInt32, length: UInt64) {
        self.log = log
        self.number = number
        self.fileNumber = fileNumber
        self.length = length
    }

    func append(to output: inout [UInt8]) {
        log.append(to: &output)
        output.append(littleEndian: number)
        output.append(littleEndian: fileNumber)
        output.append(littleEndian: length)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        log = try LogID(&reader)
        number = try reader.integer()
        fileNumber = try reader.integer()
        length = try reader.integer()
    }
}
