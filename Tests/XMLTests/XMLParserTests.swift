import Testing
import XML

@Suite struct XMLParserTests {
    private func parse(_ text: String) throws -> XMLTree { try XMLParser.parse(Array(text.utf8)) }

    @Test func elementsKnowTheirBytesAndLines() throws {
        let text = "<?xml version=\"1.0\"?>\n<!-- <a> -->\n<root a='1'>\n  <item\n    key = \"x &amp; y\"/>\n</root>\n"
        let tree = try parse(text)
        #expect(tree.elements.count == 2)
        let item = tree.elements[1]
        #expect(tree.string(Int(item.start)..<Int(item.end)) == "<item\n    key = \"x &amp; y\"/>")
        #expect(item.line == 4)
        #expect(tree.names[Int(item.name)] == "item")
        let key = tree.attributes[Int(item.firstAttribute)]
        #expect(tree.value(of: key) == "x & y")
        #expect(tree.string(Int(key.valueStart)..<Int(key.valueEnd)) == "x &amp; y")
        #expect(tree.line(at: Int(key.start), after: 1) == 5)
        let root = tree.elements[0]
        #expect(
            tree.string(Int(root.start)..<Int(root.end)) == "<root a='1'>\n  <item\n    key = \"x &amp; y\"/>\n</root>")
        #expect(root.firstChild == 1 && item.parent == 0)
    }

    @Test func linesBeyondSixtyFiveThousandAreExact() throws {
        let text = "<r>\n" + String(repeating: "<x/>\n", count: 100_000) + "</r>"
        let tree = try parse(text)
        #expect(tree.elements[100_000].line == 100_001)
        #expect(tree.elements[100_000].start == Int32(4 + 5 * 99_999))
    }

    @Test func namespaceDeclarationsAreNotAttributesAndPrefixesStayInNames() throws {
        let tree = try parse("<r xmlns='urn:a' xmlns:x='urn:b' x:k='1' b='2'><x:c/></r>")
        #expect(tree.elements[0].attributeCount == 2)
        #expect(tree.attributes.map { tree.names[Int($0.name)] } == ["x:k", "b"])
        #expect(tree.attributes.map { tree.value(of: $0) } == ["1", "2"])
        #expect(tree.names[Int(tree.elements[1].name)] == "x:c")
    }

    @Test(arguments: [
        ("", 1), ("   ", 1), ("no xml", 1), ("<a>\n<b>\n</a>", 3), ("<a>\n\n", 3), ("<a b='1' b='2'/>", 1),
        ("<a/>\n<b/>", 2), ("\n<?xml version='1.0'?><a/>", 2), ("<a b='<'/>", 1), ("<x:a/>", 1),
        ("<a>\u{0}</a>", 1), ("<a>\n<b", 2), ("<a>\n<b c='1' ", 2), ("<a>\n&undeclared;</a>", 2),
    ])
    func whatIsNotWellFormedIsRefusedWithItsLine(_ text: String, _ line: Int) {
        #expect { try parse(text) } throws: { ($0 as? XMLError)?.line == line }
    }

    @Test func aDocumentCutAnywhereIsRefused() throws {
        let text = "<a b='1' c=\"2\">\n<!-- d --><e/><x:f xmlns:x='u' x:g='&lt;'>h</x:f>\n</a>"
        #expect(try parse(text).elements.count == 3)
        for count in 0..<text.utf8.count {
            #expect(throws: XMLError.self, "\(count) bytes") { try XMLParser.parse(Array(text.utf8.prefix(count))) }
        }
    }

    @Test func aDocumentTypeIsRefusedBeforeItsEntitiesAreRead() {
        let bomb = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<a>&x;</a>"
        #expect(throws: XMLError(line: 1, reason: "a document type declaration is not allowed")) { try parse(bomb) }
    }

    @Test func tenThousandLevelsEndInAnErrorNotInACrash() {
        let deep = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
        #expect(throws: XMLError.self) { try parse(deep) }
    }

    /// `<?xml version="1.0"?><a b="c"/>` in EBCDIC: libxml2 would convert it, and its offsets would not be the bytes'.
    @Test func textThatIsNotUTF8IsRefusedAndNotConverted() {
        let bytes: [UInt8] = [
            0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40, 0xA5, 0x85, 0x99, 0xA2, 0x89, 0x96, 0x95, 0x7E, 0x7F, 0xF1, 0x4B, 0xF0,
            0x7F, 0x6F, 0x6E, 0x4C, 0x81, 0x40, 0x82, 0x7E, 0x7F, 0x83, 0x7F, 0x61, 0x6E,
        ]
        #expect { try XMLParser.parse(bytes) } throws: { ($0 as? XMLError)?.line == 1 }
    }
}
