internal import JSON
internal import Platform

/// A JSON file as .NET's host reads it: a byte order mark and comments are allowed.
enum RuntimeFile {
    /// Unit: bytes. The `deps.json` of an application with hundreds of packages has less than 2 MB.
    static let limit = 16 << 20

    static func read(_ path: String) throws(UnreadableFiles) -> JSONValue {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReader(limit: limit).read(path).bytes
        } catch {
            throw UnreadableFiles(error.description)
        }
        return try value(of: bytes, path)
    }

    static func value(of bytes: [UInt8], _ path: String) throws(UnreadableFiles) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(withoutComments(bytes))
        } catch {
            throw UnreadableFiles("\(path): \(error)")
        }
    }

    /// The same text with blanks for the mark and for `/* */` and `//` comments outside strings.
    static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        var text = bytes
        var index = 0
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.replaceSubrange(..<3, with: [0x20, 0x20, 0x20]) }
        while index < text.count {
            switch (text[index], index + 1 < text.count ? text[index + 1] : 0) {
            case (UInt8(ascii: "\""), _): index = endOfString(text, from: index)
            case (UInt8(ascii: "/"), UInt8(ascii: "/")):
                while index < text.count, text[index] != UInt8(ascii: "\n") {
                    text[index] = 0x20
                    index += 1
                }
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): index = blankBlock(&text, from: index)
            default: index += 1
            }
        }
        return text
    }

    /// Behind the closing quote, or behind the end.
    private static func endOfString(_ text: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index + 1
    }

    private static func blankBlock(_ text: inout [UInt8], from start: Int) -> Int {
        var index = start + 2
        while index < text.count,
            !(text[index] == UInt8(ascii: "/") && text[index - 1] == UInt8(ascii: "*") && index > start + 2)
        {
            index += 1
        }
        // One that does not end stays, and is told as what it is.
        guard index < text.count else { return text.count }
        for place in start...index { text[place] = 0x20 }
        return index + 1
    }
}
