import Configuration
import Testing

@Suite struct DocumentEditTests {
    static let text = """
        <?xml version="1.0"?>
        <!-- kept: <site name="x"/> -->
        <configuration>
          <sites   >
              <site id='1'
                    name = "a &amp; b"   >   <!-- odd -->
              </site>
              <site id='2' name="c"/><site id='3'/>
          </sites>
          <empty/>
        </configuration>  <!-- end -->

        """

    private func edited(_ text: String = text, _ change: (inout DocumentEdit, DocumentElement) -> Void) throws -> String
    {
        let document = try Document(bytes: Array(text.utf8), path: "x.config")
        var edit = DocumentEdit(document)
        change(&edit, document.root)
        let (again, stored) = try edit.applied()
        #expect(again.text == stored)
        return String(decoding: stored, as: UTF8.self)
    }

    private func sites(_ root: DocumentElement) -> [DocumentElement] { Array(root.child("sites")!.children) }

    @Test func oneChangedAttributeChangesItsValueAlone() throws {
        #expect(
            try edited { $0.set("name", to: "x < \"y\"", on: sites($1)[0]) }
                == Self.text.replacing("a &amp; b", with: "x &lt; &quot;y&quot;"))
        #expect(
            try edited { $0.set("id", to: "it's", on: sites($1)[1]) }
                == Self.text.replacing("id='2'", with: "id='it&apos;s'"))
    }

    @Test func aNewAttributeStandsBehindTheLastOneAndLikeIt() throws {
        #expect(
            try edited { $0.set("x", to: "1", on: sites($1)[0]) }
                == Self.text.replacing("b\"   >", with: "b\"\n            x=\"1\"   >"))
        #expect(
            try edited { $0.set("x", to: "1", on: $1.child("empty")!) }
                == Self.text.replacing("<empty/>", with: "<empty x=\"1\"/>"))
    }

    @Test func aRemovedAttributeTakesItsBlanksAlong() throws {
        #expect(
            try edited { $0.remove("id", from: sites($1)[1]) }
                == Self.text.replacing("<site id='2' name", with: "<site name"))
    }

    @Test func aRemovedElementTakesItsLineAlongWhereItStandsAlone() throws {
        #expect(try edited { $0.remove(sites($1)[2]) } == Self.text.replacing("<site id='3'/>", with: ""))
        #expect(try edited { $0.remove($1.child("empty")!) } == Self.text.replacing("\n  <empty/>", with: ""))
    }

    @Test func anInsertedElementIsIndentedAsTheFileDoes() throws {
        #expect(
            try edited { $0.insert("<new/>", in: $1, after: $1.child("empty")) }
                == Self.text.replacing("<empty/>", with: "<empty/>\n  <new/>"))
        #expect(
            try edited { $0.insert("<new/>", in: $1.child("empty")!) }
                == Self.text.replacing("<empty/>", with: "<empty>\n    <new/>\n  </empty>"))
        #expect(
            try edited { $0.insert("<site id='0'/>", in: $1.child("sites")!) }
                == Self.text.replacing("<sites   >", with: "<sites   >\n      <site id='0'/>"))
        #expect(
            try edited("<a>\r\n\t<b></b>\r\n</a>") { $0.insert("<c/>", in: $1.child("b")!) }
                == "<a>\r\n\t<b>\r\n\t\t<c/>\r\n\t</b>\r\n</a>")
    }

    @Test func anEditedFileKeepsItsEncoding() throws {
        func utf16(_ text: String) -> [UInt8] {
            var bytes: [UInt8] = [0xFF, 0xFE]
            for unit in text.utf16 { bytes += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)] }
            return bytes
        }
        let document = try Document(bytes: utf16("<a b='ü'/>"), path: "x")
        var edit = DocumentEdit(document)
        edit.set("b", to: "ö", on: document.root)
        #expect(try edit.applied().stored == utf16("<a b='ö'/>"))
    }

    @Test func twoChangesOfOneElementAreRefused() {
        #expect(throws: ConfigurationError.self) {
            try edited {
                $0.remove(sites($1)[1])
                $0.set("name", to: "z", on: sites($1)[1])
            }
        }
    }

    @Test func anElementMayTakeThePlaceOfItsNeighbourInAnyOrderOfChanges() throws {
        let text = "<a>\n  <b/>\n  <c/>\n</a>"
        let expected = "<a>\n  <b/>\n  <d/>\n</a>"
        #expect(
            try edited(text) {
                $0.remove($1.child("c")!)
                $0.insert("<d/>", in: $1, after: $1.child("b")!)
            } == expected)
        #expect(
            try edited(text) {
                $0.insert("<d/>", in: $1, after: $1.child("b")!)
                $0.remove($1.child("c")!)
            } == expected)
    }
}
