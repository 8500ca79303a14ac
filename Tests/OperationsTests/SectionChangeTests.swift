import Operations
import Testing

@Suite struct SectionChangeTests {
    @Test func anEqualsSignOutsideBracketsSeparatesTheValue() throws {
        #expect(
            try SectionChange("limits.maxBandwidth=65536")
                == .set(ElementSelector("limits.maxBandwidth"), value: "65536"))
        #expect(
            try SectionChange("files.[value='a=b'].value=c=d")
                == .set(ElementSelector("files.[value='a=b'].value"), value: "c=d"))
        #expect(try SectionChange("comment=") == .set(ElementSelector("comment"), value: ""))
    }

    @Test func aPlusSignAddsAnItem() throws {
        #expect(
            try SectionChange("+files.[@start,value='home.html']")
                == .add(ElementSelector("files.[@start,value='home.html']")))
    }

    @Test func aValueIsNeeded() {
        #expect(throws: OperationError.missingValue("enabled")) { try SectionChange("enabled") }
    }

    @Test(arguments: ["=x", "+", "a..b=c"])
    func whatNamesNothingIsRefused(_ text: String) {
        #expect(throws: OperationError.self) { try SectionChange(text) }
    }
}
