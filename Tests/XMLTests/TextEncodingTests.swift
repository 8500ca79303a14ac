import Testing
import XML

@Suite struct TextEncodingTests {
    static let text = "<?xml version=\"1.0\"?><a b=\"grüße €\"/>"

    static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
            return bigEndian ? [high, low] : [low, high]
        }
    }

    @Test(arguments: [
        (Array(text.utf8), TextEncoding(.utf8)),
        ([0xEF, 0xBB, 0xBF] + Array(text.utf8), TextEncoding(.utf8, mark: true)),
        ([0xFF, 0xFE] + utf16(text, bigEndian: false), TextEncoding(.utf16LittleEndian, mark: true)),
        ([0xFE, 0xFF] + utf16(text, bigEndian: true), TextEncoding(.utf16BigEndian, mark: true)),
        (utf16(text, bigEndian: false), TextEncoding(.utf16LittleEndian)),
        (utf16(text, bigEndian: true), TextEncoding(.utf16BigEndian)),
    ])
    func everyUnicodeFormIsReadAndWrittenBackByteForByte(_ stored: [UInt8], _ expected: TextEncoding) throws {
        let (decoded, encoding) = try TextEncoding.decode(stored)
        #expect(encoding == expected)
        #expect(String(decoding: decoded, as: UTF8.self) == Self.text)
        #expect(try encoding.encode(decoded) == stored)
    }

    @Test func aDeclaredEncodingIsConvertedAndMissingCharactersBecomeReferences() throws {
        let head = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
        let stored = Array(head.utf8) + Array("<a b=\"gr".utf8) + [0xFC] + Array("n\"/>".utf8)
        let (decoded, encoding) = try TextEncoding.decode(stored)
        #expect(encoding == TextEncoding(.named("iso-8859-1")))
        #expect(String(decoding: decoded, as: UTF8.self) == head + "<a b=\"grün\"/>")
        #expect(try encoding.encode(decoded) == stored)
        #expect(try encoding.encode(Array("€".utf8)) == Array("&#8364;".utf8))
    }

    @Test(arguments: [
        Array("<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>".utf8),
        Array("<?xml version=\"1.0\" encoding=\"nonsense-42\"?><a/>".utf8),
        [0xFF, 0xFE, 0x3C], [0xFF, 0xFE, 0x00, 0xD8],
    ])
    func textThatIsNotWhatItSaysIsRefused(_ stored: [UInt8]) {
        #expect(throws: XMLError.self) { try TextEncoding.decode(stored) }
    }
}
