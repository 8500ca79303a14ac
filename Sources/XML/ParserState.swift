internal import CLibXML2
internal import Glibc

/// What one parse is building. libxml2's callbacks find it through their user pointer.
@safe final class ParserState {
    var tree: XMLTree
    var error: XMLError?
    var context: xmlParserCtxtPtr? = nil
    /// The document's bytes, valid during the parse.
    var base: UnsafePointer<UInt8>? = nil

    private var open: [Int32] = []
    private var lastChild: [Int32] = []
    private var identifiers: [UInt: Int32] = [:]
    private var qualified: [String: Int32] = [:]
    private var line: Int32 = 1
    private var lineOffset = 0

    init(_ tree: XMLTree) {
        self.tree = tree
        let expected = tree.bytes.count / 48
        self.tree.elements.reserveCapacity(expected)
        self.tree.attributes.reserveCapacity(expected * 2)
    }

    /// The state a callback belongs to; the parse that made the pointer is still on the stack.
    @unsafe static func of(_ user: UnsafeMutableRawPointer?) -> ParserState {
        unsafe Unmanaged<ParserState>.fromOpaque(user!).takeUnretainedValue()
    }

    func fail(line: Int, _ reason: String) {
        if error == nil { error = XMLError(line: max(line, 1), reason: reason) }
    }

    @unsafe func report(_ reported: UnsafeMutablePointer<xmlError>) {
        guard unsafe reported.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        var reason = unsafe reported.pointee.message.map { unsafe String(cString: $0) } ?? "not well-formed"
        while let last = reason.last, last.isWhitespace || last == "." { reason.removeLast() }
        let mismatch = reason.contains("Premature end of data")
        fail(line: mismatch ? XMLParser.lineCount(tree.bytes[...]) : unsafe Int(reported.pointee.line), reason)
        unsafe xmlStopParser(context)
    }

    @unsafe func refuseDocumentType() {
        fail(line: unsafe Int(context!.pointee.input.pointee.line), "a document type declaration is not allowed")
        unsafe xmlStopParser(context)
    }

    /// The byte offset the parser has reached (libxml2 moves its buffer; `consumed` counts what it dropped).
    @unsafe private var offset: Int {
        let input = unsafe context!.pointee.input!
        return unsafe Int(input.pointee.consumed) + (input.pointee.cur - input.pointee.base)
    }

    @unsafe func startElement(
        _ name: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?, _ attributeCount: Int,
        _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        let bytes = unsafe base!
        let closing = unsafe offset
        // A document that ends within a tag gets here too, and is refused next.
        guard closing < tree.bytes.count else { return }
        // A start tag holds no other `<`: XML allows none in attribute values.
        var start = closing
        while unsafe bytes[start] != UInt8(ascii: "<") { start -= 1 }
        for index in lineOffset..<start where unsafe bytes[index] == 10 { line += 1 }
        lineOffset = start

        let tagEnd = closing + (unsafe bytes[closing] == UInt8(ascii: "/") ? 2 : 1)
        let index = Int32(tree.elements.count)
        let element = XMLTree.Element(
            name: unsafe identifier(name, prefix), parent: open.last ?? -1,
            firstAttribute: Int32(tree.attributes.count), attributeCount: Int32(attributeCount), line: line,
            start: Int32(start), tagEnd: Int32(tagEnd), end: Int32(tagEnd))
        tree.elements.append(element)
        if let parent = open.last {
            let previous = lastChild[lastChild.count - 1]
            if previous < 0 {
                tree.elements[Int(parent)].firstChild = index
            } else {
                tree.elements[Int(previous)].nextSibling = index
            }
            lastChild[lastChild.count - 1] = index
        }
        open.append(index)
        lastChild.append(-1)
        if attributeCount > 0 { unsafe appendAttributes(start + 1, closing, values!) }
    }

    @unsafe func endElement() {
        guard let element = open.popLast() else { return }
        lastChild.removeLast()
        tree.elements[Int(element)].end = Int32(unsafe offset)
    }

    /// Finds each attribute's bytes in a tag that libxml2 has found well formed; `values` holds five pointers for each.
    @unsafe private func appendAttributes(
        _ nameStart: Int, _ closing: Int, _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>
    ) {
        let bytes = unsafe base!
        var position = nameStart
        while position < closing, unsafe !isBlank(bytes[position]) { position += 1 }
        var number = 0
        while true {
            while position < closing, unsafe isBlank(bytes[position]) { position += 1 }
            guard position < closing else { return }
            let start = position
            while unsafe !isBlank(bytes[position]) && bytes[position] != UInt8(ascii: "=") { position += 1 }
            let nameEnd = position
            while unsafe bytes[position] != UInt8(ascii: "\"") && bytes[position] != UInt8(ascii: "'") { position += 1 }
            let quote = unsafe bytes[position]
            let valueStart = position + 1
            position = valueStart
            var literal = true
            while unsafe bytes[position] != quote {
                let byte = unsafe bytes[position]
                if byte == UInt8(ascii: "&") || byte < 32 { literal = false }
                position += 1
            }
            let valueEnd = position
            position += 1
            if unsafe isNamespaceDeclaration(bytes + start, nameEnd - start) { continue }
            let slot = unsafe values + number * 5
            number += 1
            var decoded: Int32 = -1
            if !literal {
                decoded = Int32(tree.decodedValues.count)
                let value = unsafe UnsafeBufferPointer(start: slot[3]!, count: slot[4]! - slot[3]!)
                tree.decodedValues.append(unsafe String(decoding: value, as: UTF8.self))
            }
            tree.attributes.append(
                XMLTree.Attribute(
                    name: unsafe identifier(slot[0]!, slot[1]), start: Int32(start), valueStart: Int32(valueStart),
                    valueEnd: Int32(valueEnd), decoded: decoded))
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    @unsafe private func isNamespaceDeclaration(_ name: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count >= 5, unsafe strncmp(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), "xmlns", 5) == 0
        else { return false }
        return unsafe count == 5 || name[5] == UInt8(ascii: ":")
    }

    /// The number of a name. libxml2 keeps one copy of each, so its address identifies it.
    @unsafe private func identifier(_ local: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?) -> Int32 {
        let address = UInt(bitPattern: local)
        if unsafe prefix == nil, let known = identifiers[address] { return known }
        var name = unsafe String(cString: local)
        if let prefix = unsafe prefix { name = unsafe String(cString: prefix) + ":" + name }
        let number: Int32
        if let known = qualified[name] {
            number = known
        } else {
            number = Int32(tree.names.count)
            tree.names.append(name)
            qualified[name] = number
        }
        if unsafe prefix == nil { identifiers[address] = number }
        return number
    }
}
