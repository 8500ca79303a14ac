internal import CLibXML2

/// Reads well-formed XML into an `XMLTree` through libxml2's SAX2 interface.
///
/// A document type declaration is refused before anything in it is read, so no entity is ever declared, fetched or
/// expanded. Depth is limited to libxml2's 256 levels.
public enum XMLParser {
    /// `bytes` in UTF-8 without a byte order mark; a declared encoding is ignored (`TextEncoding` has dealt with it).
    public static func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLTree {
        guard bytes.count < Int(Int32.max) else { throw XMLError(line: 1, reason: "the document is larger than 2 GB") }
        if let position = bytes.firstIndex(of: 0) {
            throw XMLError(line: lineCount(bytes[..<position]), reason: "a NUL byte")
        }
        // libxml2 goes by the first bytes and converts what it takes for another encoding; offsets would not be ours then.
        if let first = bytes.first, ![UInt8(ascii: "<"), 32, 9, 10, 13].contains(first) {
            throw XMLError(line: 1, reason: "the document does not begin with '<'")
        }
        let state = ParserState(XMLTree(bytes: bytes))
        unsafe run(state)
        if let error = state.error { throw error }
        guard !state.tree.elements.isEmpty else {
            throw XMLError(line: 1, reason: bytes.isEmpty ? "the file is empty" : "no root element")
        }
        return state.tree
    }

    static func lineCount(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(into: 1) { count, byte in if byte == 10 { count += 1 } }
    }

    /// The C parser borrows `state` and its bytes for the duration of the call only.
    @unsafe private static func run(_ state: ParserState) {
        xmlInitParser()
        let bytes = state.tree.bytes
        unsafe bytes.withUnsafeBytes { buffer in
            let text = unsafe buffer.bindMemory(to: CChar.self)
            guard let context = unsafe xmlCreateMemoryParserCtxt(text.baseAddress, Int32(text.count)) else {
                state.fail(line: 1, "the file is empty")
                return
            }
            unsafe state.context = context
            unsafe state.base = buffer.bindMemory(to: UInt8.self).baseAddress
            // NOENT: &amp; and its kin arrive as characters; no other entity can be declared without a document type.
            let options =
                XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
                | XML_PARSE_COMPACT.rawValue
            unsafe xmlCtxtUseOptions(context, Int32(bitPattern: options))
            unsafe context.pointee.userData = Unmanaged.passUnretained(state).toOpaque()
            unsafe installCallbacks(context.pointee.sax)
            unsafe xmlParseDocument(context)
            if unsafe context.pointee.wellFormed == 0 || context.pointee.nsWellFormed == 0 {
                state.fail(line: unsafe Int(context.pointee.lastError.line), "not well-formed")
            }
            unsafe xmlFreeParserCtxt(context)
        }
    }

    @unsafe private static func installCallbacks(_ sax: UnsafeMutablePointer<xmlSAXHandler>) {
        unsafe sax.pointee = xmlSAXHandler()
        unsafe sax.pointee.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe sax.pointee.startElementNs = { user, name, prefix, _, _, _, count, _, values in
            unsafe ParserState.of(user).startElement(name!, prefix, Int(count), values)
        }
        unsafe sax.pointee.endElementNs = { user, _, _, _ in unsafe ParserState.of(user).endElement() }
        unsafe sax.pointee.internalSubset = { user, _, _, _ in unsafe ParserState.of(user).refuseDocumentType() }
        unsafe sax.pointee.serror = { user, error in
            guard let error = unsafe error else { return }
            unsafe ParserState.of(user).report(error)
        }
    }
}
