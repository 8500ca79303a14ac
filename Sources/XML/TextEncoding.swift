internal import CLibXML2

/// How a document's text is stored, so that an edited document is written as it was found.
public struct TextEncoding: Equatable, Sendable {
    /// The character encoding; `named` is anything else libxml2 can convert, for example `windows-1252`.
    public enum Form: Equatable, Sendable {
        case utf8
        case utf16LittleEndian
        case utf16BigEndian
        case named(String)
    }

    public let form: Form
    /// Whether the text begins with a byte order mark.
    public let mark: Bool

    public init(_ form: Form, mark: Bool = false) {
        self.form = form
        self.mark = mark
    }

    /// Finds out the encoding of `stored` (byte order mark, else the XML declaration, else UTF-8) and gives its text in
    /// UTF-8 without a mark. Throws where the bytes are not text in that encoding or nobody knows the encoding.
    public static func decode(_ stored: [UInt8]) throws(XMLError) -> (text: [UInt8], encoding: TextEncoding) {
        switch (stored.first, stored.dropFirst().first) {
        case (0xEF, 0xBB) where stored.count >= 3 && stored[2] == 0xBF:
            return (Array(stored[3...]), TextEncoding(.utf8, mark: true))
        case (0xFF, 0xFE):
            return (try utf8(ofUTF16: stored[2...], bigEndian: false), TextEncoding(.utf16LittleEndian, mark: true))
        case (0xFE, 0xFF):
            return (try utf8(ofUTF16: stored[2...], bigEndian: true), TextEncoding(.utf16BigEndian, mark: true))
        case (0x3C, 0x00):
            return (try utf8(ofUTF16: stored[...], bigEndian: false), TextEncoding(.utf16LittleEndian))
        case (0x00, 0x3C):
            return (try utf8(ofUTF16: stored[...], bigEndian: true), TextEncoding(.utf16BigEndian))
        default:
            break
        }
        let declared = declaredEncoding(stored)
        switch declared?.lowercased() {
        case nil, "utf-8", "utf8", "us-ascii", "ascii":
            return (stored, TextEncoding(.utf8))
        case let name? where name.hasPrefix("utf-16") || name.hasPrefix("ucs-"):
            throw XMLError(line: 1, reason: "the document is labelled \(name) but holds bytes of another encoding")
        case let name?:
            return (try convert(stored, named: name, toUTF8: true), TextEncoding(.named(name)))
        }
    }

    /// The bytes to store for `text` (UTF-8 without a mark). Characters that a named encoding lacks become references.
    public func encode(_ text: [UInt8]) throws(XMLError) -> [UInt8] {
        switch form {
        case .utf8:
            return mark ? [0xEF, 0xBB, 0xBF] + text : text
        case .utf16LittleEndian, .utf16BigEndian:
            let big = form == .utf16BigEndian
            var stored: [UInt8] = mark ? (big ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
            stored.reserveCapacity(stored.count + text.count * 2)
            for unit in String(decoding: text, as: UTF8.self).utf16 {
                let pair = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
                stored += big ? pair.reversed() : pair
            }
            return stored
        case .named(let name):
            return try Self.convert(text, named: name, toUTF8: false)
        }
    }

    private static func utf8(ofUTF16 stored: ArraySlice<UInt8>, bigEndian: Bool) throws(XMLError) -> [UInt8] {
        guard stored.count.isMultiple(of: 2) else {
            throw XMLError(line: 1, reason: "half a UTF-16 character at the end")
        }
        let units = stride(from: stored.startIndex, to: stored.endIndex, by: 2).map { index in
            let (first, second) = (UInt16(stored[index]), UInt16(stored[index + 1]))
            return bigEndian ? first << 8 | second : second << 8 | first
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw XMLError(line: 1, reason: "the document is not valid UTF-16")
        }
        return Array(text.utf8)
    }

    /// The `encoding` of an XML declaration in the first 200 bytes.
    private static func declaredEncoding(_ stored: [UInt8]) -> String? {
        let head = String(decoding: stored.prefix(200), as: UTF8.self)
        guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>") else { return nil }
        let declaration = head[..<end.lowerBound]
        guard let label = declaration.firstRange(of: "encoding") else { return nil }
        let rest = declaration[label.upperBound...].drop { $0 == " " || $0 == "=" }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }

    private static func convert(_ input: [UInt8], named name: String, toUTF8: Bool) throws(XMLError) -> [UInt8] {
        guard let handler = unsafe xmlFindCharEncodingHandler(name) else {
            throw XMLError(line: 1, reason: "the encoding \(name) is not known")
        }
        // What cannot be converted is told by the outcome; libxml2 would write it to standard error too.
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
        let source = unsafe xmlBufferCreateSize(input.count + 1)
        let target = unsafe xmlBufferCreateSize(input.count * 4 + 16)
        defer {
            xmlSetStructuredErrorFunc(nil, nil)
            unsafe xmlBufferFree(source)
            unsafe xmlBufferFree(target)
            _ = unsafe xmlCharEncCloseFunc(handler)
        }
        unsafe input.withUnsafeBufferPointer { _ = unsafe xmlBufferAdd(source, $0.baseAddress, Int32($0.count)) }
        let converted =
            toUTF8
            ? unsafe xmlCharEncInFunc(handler, target, source) : unsafe xmlCharEncOutFunc(handler, target, source)
        guard converted >= 0, unsafe xmlBufferLength(source) == 0 else {
            throw XMLError(line: 1, reason: "the document is not valid \(name)")
        }
        return unsafe Array(UnsafeBufferPointer(start: xmlBufferContent(target), count: Int(xmlBufferLength(target))))
    }
}
