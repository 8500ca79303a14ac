import Testing

@testable import Modules

/// RFC 9110, 12.5.4; reference §5.2: by Accept-Language, then the server's language, then en-US.
struct AcceptedLanguagesTests {
    @Test(arguments: [
        ("", ["en-US", "en"]),
        ("de", ["de", "en-US", "en"]),
        ("de-ch, fr;q=0.8", ["de-CH", "de", "fr", "en-US", "en"]),
        ("fr;q=0.3, de;q=0.7", ["de", "fr", "en-US", "en"]),
        ("fr; q=0, ZH-hant-tw", ["zh-Hant-TW", "zh", "en-US", "en"]),
        ("*", ["en-US", "en"]),
        ("../../etc, a/b, \0, x\u{e9}", ["en-US", "en"]),
        ("en-us", ["en-US", "en"]),
    ])
    func aFieldNamesFoldersBestFirst(_ field: String, folders: [String]) {
        #expect(AcceptedLanguages.folders(field, server: nil) == folders)
    }

    @Test
    func theServersLanguageComesBeforeEnglish() {
        #expect(AcceptedLanguages.folders("fr", server: "de-DE") == ["fr", "de-DE", "de", "en-US", "en"])
    }

    @Test
    func onlyTheFirstFewLanguagesCount() {
        let field = "aa,bb,cc,dd,ee,ff"
        #expect(AcceptedLanguages.folders(field, server: nil) == ["aa", "bb", "cc", "dd", "en-US", "en"])
    }

    @Test(arguments: [("de_DE.UTF-8", "de-DE"), ("en", "en"), ("C", nil), ("C.UTF-8", nil), ("POSIX", nil)])
    func aLocaleNamesALanguage(_ locale: String, language: String?) {
        #expect(AcceptedLanguages.ofLocale(locale) == language)
    }
}
