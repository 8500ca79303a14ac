/// A parsed document as flat tables: elements in document order with their bytes and lines, and their attributes.
///
/// Text and comments are not kept: they stay in `bytes`, untouched. Offsets count bytes of `bytes`, lines from 1.
public struct XMLTree: Sendable {
    /// One element. Indices point into `elements`, -1 is none.
    public struct Element: Sendable {
        public internal(set) var name: Int32
        public internal(set) var parent: Int32
        public internal(set) var firstChild: Int32 = -1
        public internal(set) var nextSibling: Int32 = -1
        public internal(set) var firstAttribute: Int32
        public internal(set) var attributeCount: Int32
        /// The line of the start tag's `<`.
        public internal(set) var line: Int32
        /// The offset of the start tag's `<`.
        public internal(set) var start: Int32
        /// The offset behind the start tag's `>`.
        public internal(set) var tagEnd: Int32
        /// The offset behind the end tag's `>`; equals `tagEnd` for `<empty/>`.
        public internal(set) var end: Int32
    }

    /// One attribute as written. Namespace declarations are not attributes here.
    public struct Attribute: Sendable {
        public internal(set) var name: Int32
        /// The offset of the name's first byte.
        public internal(set) var start: Int32
        /// The offsets of the raw value between its quotes.
        public internal(set) var valueStart: Int32
        public internal(set) var valueEnd: Int32
        /// The index of the value in `decodedValues` where the raw bytes are not the value; otherwise -1.
        public internal(set) var decoded: Int32
    }

    /// The document in UTF-8, without a byte order mark.
    public let bytes: [UInt8]
    public internal(set) var names: [String] = []
    public internal(set) var elements: ContiguousArray<Element> = []
    public internal(set) var attributes: ContiguousArray<Attribute> = []
    var decodedValues: [String] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The value of an attribute, entities and line ends resolved.
    public func value(of attribute: Attribute) -> String {
        if attribute.decoded >= 0 { return decodedValues[Int(attribute.decoded)] }
        return string(Int(attribute.valueStart)..<Int(attribute.valueEnd))
    }

    /// The document's text at `range`.
    public func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The line of the byte at `offset`, counted from the nearest element before it.
    public func line(at offset: Int, after element: Int) -> Int {
        var line = Int(elements[element].line)
        for index in Int(elements[element].start)..<max(offset, Int(elements[element].start)) where bytes[index] == 10 {
            line += 1
        }
        return line
    }
}
