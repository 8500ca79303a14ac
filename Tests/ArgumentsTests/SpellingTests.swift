import Arguments
import Testing

@Suite struct SpellingTests {
    @Test func whatIsMissingIsToldWithWhatWasMeantAndWhatListsAll() {
        #expect(
            Spelling.missing("site", "blgo", among: ["shop", "blog"], listedBy: "hostelry site list")
                == "there is no site \"blgo\"; did you mean \"blog\"? 'hostelry site list' shows all")
        #expect(
            Spelling.missing("site", "nothing", among: ["shop"], listedBy: "hostelry site list")
                == "there is no site \"nothing\"; 'hostelry site list' shows all")
        #expect(
            Spelling.missing("section", "handlrs", among: ["handlers"])
                == "there is no section \"handlrs\"; did you mean \"handlers\"?")
        #expect(Spelling.missing("section", "x", among: []) == "there is no section \"x\"")
    }
}
