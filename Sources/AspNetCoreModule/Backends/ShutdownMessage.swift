import Platform

/// The request that asks an ASP.NET Core application to end.
struct ShutdownMessage: Sendable {
    let address: BackendAddress
    /// The application's path, `/` for the root.
    let path: String
    let token: String

    var text: String {
        let host =
            switch address {
            case .tcp(let address): "127.0.0.1:\(address.port)"
            case .unix: "localhost"
            }
        return "POST \(path == "/" ? "" : Self.encoded(path))/iisintegration HTTP/1.1\r\nHost: \(host)\r\n"
            + "MS-ASPNETCORE-EVENT: shutdown\r\nMS-ASPNETCORE-TOKEN: \(token)\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n"
    }

    /// Sends it and waits for the answer's status, on a thread that has nothing else to do; nil where there is no answer
    /// within `timeout` milliseconds for each step.
    func send(timeout: Int32) -> Int? {
        guard let socket = try? connection(timeout: timeout),
            (try? socket.sendAll(Array(text.utf8), timeout: timeout)) != nil
        else { return nil }
        var answer: [UInt8] = []
        while answer.count < Self.lineLimit {
            if let end = answer.firstIndex(of: UInt8(ascii: "\n")) { return Self.status(answer[..<end]) }
            guard socket.waitForInput(timeout: timeout), (try? socket.receive(into: &answer)) == true else {
                return nil
            }
        }
        return nil
    }

    /// More than any status line has. Unit: bytes.
    private static let lineLimit = 8192

    private func connection(timeout: Int32) throws(SystemError) -> FileDescriptor {
        switch address {
        case .tcp(let address): return try .connected(to: address)
        case .unix(let path):
            // An absolute path has a slash.
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            return try .connected(
                in: String(path[..<slash]), named: String(path[slash...].dropFirst()), timeout: timeout)
        }
    }

    static func status(_ line: ArraySlice<UInt8>) -> Int? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 1, fields[0].starts(with: "HTTP/".utf8) else { return nil }
        let digits = String(decoding: fields[1].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        return digits.utf8.count == 3 ? Int(digits) : nil
    }

    /// Bytes that a path has only in their encoded form.
    private static func encoded(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            let plain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "-")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
            if plain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
