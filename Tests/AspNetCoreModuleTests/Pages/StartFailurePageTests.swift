import AspNetCoreModule
import Testing

@Suite struct StartFailurePageTests {
    private func page(_ failure: StartFailure, details: String? = nil, link: String? = nil) -> String {
        String(decoding: StartFailurePage.make(failure, details: details, link: link), as: UTF8.self)
    }

    /// As the module's own tests look for them.
    @Test(arguments: [
        (StartFailure.processNotStarted, "HTTP Error 502.5 - ANCM Out-Of-Process Startup Failure"),
        (.hostNotLoaded, "HTTP Error 500.32 - Failed to load .NET Core host"),
        (.hostingModelsMixed, "HTTP Error 500.34 - ASP.NET Core does not support mixing hosting models"),
        (
            .secondInProcessApplication,
            "HTTP Error 500.35 - ASP.NET Core does not support multiple apps in the same app pool"
        ),
    ])
    func thePageIsTitledAsAdministratorsKnowIt(failure: StartFailure, title: String) {
        #expect(page(failure).contains(title))
        #expect(page(failure).contains("Common solutions to this issue:"))
    }

    @Test(arguments: StartFailure.allCases) func thePageEndsWithTheElementAndOneLineEnd(failure: StartFailure) {
        #expect(page(failure, details: "x", link: "http://a.example").hasSuffix("</html>\r\n"))
    }

    @Test func detailsAreShownAsTextWhateverTheyHold() {
        let page = page(.processNotStarted, details: "</pre><script>alert('x')</script>\u{0}\u{1B}[31m")
        #expect(page.contains("Specific error detected by ANCM:"))
        #expect(page.contains("&lt;/pre&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
        #expect(!page.contains("<script") && !page.contains("\u{1B}"))
    }

    @Test func withoutDetailsThereIsNoPartForThem() {
        #expect(!page(.processNotStarted).contains("Specific error"))
    }

    @Test func theAdministratorsLinkStandsFirst() {
        #expect(
            page(.processNotStarted, link: "http://example").contains(
                "visit: <a href=\"http://example\"> <cite> http://example </cite></a> and <a href="))
    }

    @Test(arguments: ["javascript:alert(1)", "", "data:text/html,x", "//example"]) func whatIsNoWebAddressIsNoLink(
        link: String
    ) {
        #expect(!page(.processNotStarted, link: link).contains("<cite> "))
    }

    @Test func aLinkCannotLeaveItsAttribute() {
        #expect(!page(.processNotStarted, link: "http://a\"><script>").contains("<script"))
    }
}
