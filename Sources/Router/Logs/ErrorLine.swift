internal import Wire

/// What the error log tells of a request that was refused or a connection that was dropped.
struct ErrorEntry {
    let remote: Endpoint
    let local: Endpoint
    /// What is known of the request line; all of it empty where nothing is.
    var line = RequestLine()
    /// 0 where nothing was answered.
    var status: UInt16 = 0
    /// 0 where no site was found.
    var siteID: UInt32 = 0
    /// HTTP.sys's `s-reason`.
    let reason: String
    /// The pool's name, empty where none was found.
    var queue = ""

    init(remote: Endpoint, local: Endpoint, reason: String) {
        self.remote = remote
        self.local = local
        self.reason = reason
    }

    /// The parts of a request line as a client sent them.
    struct RequestLine {
        var method: [UInt8] = []
        var target: [UInt8] = []
        var version: [UInt8] = []

        init() {}

        /// Takes what can be told from the beginning of a request that nobody could parse: three parts with one blank
        /// between them.
        init(guessing bytes: Span<UInt8>) {
            var parts: [[UInt8]] = [[]]
            for index in bytes.indices.prefix(Self.longest) {
                let byte = bytes[index]
                if byte == 13 || byte == 10 {
                    // Empty lines may precede a request.
                    if parts.count == 1, parts[0].isEmpty { continue }
                    break
                }
                if byte == UInt8(ascii: " "), parts.count < 3 {
                    parts.append([])
                } else {
                    parts[parts.count - 1].append(byte)
                }
            }
            guard parts.count == 3, parts[2].starts(with: "HTTP/".utf8) else { return }
            (method, target, version) = (parts[0], parts[1], parts[2])
        }

        /// Unit: bytes.
        static let longest = 4096
    }
}

/// One line of the error log.
enum ErrorLine {
    static let names =
        "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename"

    static func append(_ entry: ErrorEntry, _ clock: LogClock, to output: inout [UInt8]) {
        output.append(contentsOf: clock.date)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: clock.time)
        for endpoint in [entry.remote, entry.local] {
            output.append(UInt8(ascii: " "))
            endpoint.address.appendText(to: &output)
            append(UInt64(endpoint.port), to: &output)
        }
        for part in [entry.line.version, entry.line.method, entry.line.target] { append(part, to: &output) }
        append(UInt64(entry.status), to: &output)
        append(UInt64(entry.siteID), to: &output)
        append(Array(entry.reason.utf8), to: &output)
        append(Array(entry.queue.utf8), to: &output)
        output.append(UInt8(ascii: "\n"))
    }

    private static func append(_ value: [UInt8], to output: inout [UInt8]) {
        output.append(UInt8(ascii: " "))
        output.append(logged: value.span)
    }

    /// 0 stands for what is not known.
    private static func append(_ number: UInt64, to output: inout [UInt8]) {
        output.append(UInt8(ascii: " "))
        if number == 0 { output.append(UInt8(ascii: "-")) } else { output.append(decimal: number) }
    }
}
