import Testing
import Wire

@Suite struct ModuleNoticeTests {
    private func decode(_ message: ControlMessage) throws -> ControlMessage {
        var bytes: [UInt8] = []
        message.append(to: &bytes)
        let frame = try #require(try ControlFrame(bytes.span))
        return try ControlMessage(
            decoding: bytes.span.extracting(droppingFirst: ControlFrame.headerSize), of: frame)
    }

    @Test func aTextOfThirtyThousandCharactersArrivesWhole() throws {
        let text = "Application failed. " + String(repeating: "漢", count: 30_000)
        let message = ControlMessage.moduleEvent(.init(1020, .error, text, site: "S", application: "/a"))
        #expect(try decode(message) == message)
        guard case .moduleEvent(let notice) = message else { return }
        #expect(notice.text == text)
    }

    @Test func aLongerTextIsCutBetweenCharactersAndSaysSo() throws {
        let notice = ModuleNotice(1020, .error, "a" + String(repeating: "漢", count: 100_000))
        #expect(notice.text.utf8.count <= ModuleNotice.textLimit)
        #expect(notice.text.hasSuffix("漢…"))
        #expect(try decode(.moduleEvent(notice)) == .moduleEvent(notice))
        #expect(notice.cut(to: 10).text == "a漢漢…")
    }

    @Test func namesThatAreTooLongAreLeftOut() {
        let name = String(repeating: "x", count: ModuleNotice.nameLimit + 1)
        let notice = ModuleNotice(1001, .information, "t", site: name, application: name)
        #expect(notice.site.isEmpty && notice.application.isEmpty)
    }

    @Test(arguments: [UInt16(0), 999, 1037, .max]) func aNumberThatIsNoneOfTheModulesIsRefused(number: UInt16) {
        #expect(throws: WireError.self) { try decode(.moduleEvent(.init(number, .error, "t"))) }
    }

    @Test func whatSaysItIsLargerThanANoticeIsRefusedBeforeItComes() {
        // A header: a length of 64 MB and the kind of `moduleEvent`.
        let header: [UInt8] = [0, 0, 0, 4, 68, 0, 0, 0]
        #expect(throws: WireError.self) { try ControlFrame(header.span) }
    }
}
