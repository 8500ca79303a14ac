import HTTP1Testing

/// What a stream says, as JSON on one line.
struct JSONText {
    private(set) var text = ""

    init(_ stream: RequestStream) {
        text += "{\"refusal\":\(stream.refusal.map { "\"\($0)\"" } ?? "null"),\"messages\":"
        write(array: stream.messages) { $0.write($1) }
        text += "}"
    }

    private mutating func write(_ message: RequestStream.Message) {
        text += "{\"version\":\"\(message.isHTTP11 ? "1.1" : "1.0")\",\"keepsAlive\":\(message.keepsAlive)"
        text += ",\"end\":\(message.end.map { "\($0)" } ?? "null")"
        for (name, bytes) in [
            ("method", message.method), ("target", message.target), ("host", message.host), ("path", message.path),
            ("body", message.body),
        ] {
            text += ",\"\(name)\":"
            write(bytes)
        }
        text += ",\"fields\":"
        write(array: message.fields) { json, field in
            json.write(array: [field.name, field.value]) { $0.write($1) }
        }
        text += "}"
    }

    private mutating func write<Item>(array: [Item], _ item: (inout JSONText, Item) -> Void) {
        text += "["
        for (index, each) in array.enumerated() {
            if index > 0 { text += "," }
            item(&self, each)
        }
        text += "]"
    }

    private mutating func write(_ bytes: [UInt8]) {
        text += "\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20, 0x7f...:
                text += (byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16)
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        text += "\""
    }
}
