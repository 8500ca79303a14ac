import Operations
import Testing

@Suite struct SelectorTests {
    private func selector(_ text: String) throws -> ElementSelector { try ElementSelector(text) }

    @Test func dotsSeparateElements() throws {
        #expect(try selector("limits.maxBandwidth").steps == [.name("limits"), .name("maxBandwidth")])
    }

    @Test func bracketsNameAnItemByItsKeys() throws {
        #expect(
            try selector("[name='My Pool'].recycling.periodicRestart.schedule.[value='00:00:00']").steps == [
                .item(.init([.init("name", "My Pool")])), .name("recycling"), .name("periodicRestart"),
                .name("schedule"), .item(.init([.init("value", "00:00:00")])),
            ])
        #expect(
            try selector("bindings[protocol='https', bindingInformation='*:443:h']").steps == [
                .name("bindings"), .item(.init([.init("protocol", "https"), .init("bindingInformation", "*:443:h")])),
            ])
    }

    @Test func aPositionStandsFirst() throws {
        #expect(
            try selector("files.[@start,value='index.php']").steps == [
                .name("files"), .item(.init([.init("value", "index.php")], position: .start)),
            ])
        #expect(try selector("[@2]").steps == [.item(.init([], position: .index(2)))])
        #expect(try selector("[@end,value='x']").steps == [.item(.init([.init("value", "x")], position: .end))])
    }

    @Test func aQuoteWithinAValueIsWrittenTwice() throws {
        #expect(try selector("[name='it''s a ]'].x").steps == [.item(.init([.init("name", "it's a ]")])), .name("x")])
    }

    @Test(arguments: [
        "[name='it''s a ]'].x", "[@start,value='x']", "files.[value='a',b='']", "[@3].limits.maxBandwidth",
    ])
    func aSelectorIsWrittenAsItIsRead(_ text: String) throws { #expect(try selector(text).text == text) }

    @Test func whatXMLCannotHoldIsInNoSelector() {
        #expect(throws: OperationError.malformedSelector("[name='\u{1}']")) { try ElementSelector("[name='\u{1}']") }
    }

    @Test(arguments: [
        "", ".", "a.", "[", "[name", "[name=", "[name=x]", "[name='x'", "[name='x']y", "[@first]", "[name='x',]",
        "a..b", "[]", "[@-1]", "[name='x',@start]",
    ])
    func whatIsNoSelectorIsRefused(_ text: String) {
        #expect(throws: OperationError.malformedSelector(text)) { try ElementSelector(text) }
    }

    @Test func aValueBeginsBehindBracketsAndQuotes() {
        let text = Substring("[name='a:b]:'].type:X:Y")
        let end = ElementSelector.end(in: text, at: ":")
        #expect(text[..<end] == "[name='a:b]:'].type")
        #expect(text[end...] == ":X:Y")
    }
}
