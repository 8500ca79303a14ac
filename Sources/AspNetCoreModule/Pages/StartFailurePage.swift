import Pipeline

/// The page that visitors get of an application that does not start. It runs no script and loads nothing.
public enum StartFailurePage {
    /// Where Microsoft says more about these errors.
    private static let documentation = "https://learn.microsoft.com/aspnet/core/test/troubleshoot-azure-iis"

    /// - Parameters:
    ///   - details: what exactly, for those who may know the server's insides; nil for everybody else.
    ///   - link: a web address that the administrator wants read (`ANCM_ADDITIONAL_ERROR_PAGE_LINK`); nil for none.
    /// - Returns: UTF-8, up to `</html>` and one line end.
    public static func make(_ failure: StartFailure, details: String? = nil, link: String? = nil) -> [UInt8] {
        let refusal = failure.refusal
        let number = "\(refusal.status).\(refusal.subStatus)"
        let title = HTMLText.escaped(failure.title)
        let advice = ErrorPageParts.advice(refusal.status, refusal.subStatus)
        var page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>HTTP Error \(number) - \(title)</title>
            <style>\(ErrorPageParts.style)</style>
            </head>
            <body>
            <header>
            <h1><span>HTTP Error \(number)</span> \(title)</h1>
            <p>\(HTMLText.escaped(refusal.text))</p>
            </header>
            <main>

            """
        if let advice {
            page += list("Common solutions to this issue:", advice.causes)
            page += list("Troubleshooting steps:", advice.remedies)
        }
        if let details, !details.isEmpty { page += section(details) }
        page +=
            "<section>\n<p style=\"overflow-wrap:anywhere\">For more information visit: \(anchor(link))<a href=\"\(documentation)\" rel=\"noreferrer\">"
        page += "<cite>\(documentation)</cite></a></p>\n</section>\n</main>\n</body>\n</html>"
        return Array(page.utf8) + [0x0D, 0x0A]
    }

    private static func list(_ title: String, _ items: [String]) -> String {
        let items = items.map { "<li>\(HTMLText.escaped($0))</li>\n" }.joined()
        return "<section>\n<h2>\(title)</h2>\n<ul>\n\(items)</ul>\n</section>\n"
    }

    /// It scrolls, so the keyboard must reach it.
    private static func section(_ details: String) -> String {
        """
        <section>
        <h2 id="details">Specific error detected by ANCM:</h2>
        <pre tabindex="0" role="region" aria-labelledby="details">\(HTMLText.escaped(details))</pre>
        </section>

        """
    }

    /// Nothing for what is no web address, so that nobody is led to run a script.
    private static func anchor(_ link: String?) -> String {
        guard let link, ["http", "https"].contains(link.prefix { $0 != ":" }.lowercased()) else { return "" }
        let address = HTMLText.escaped(link)
        return "<a href=\"\(address)\"> <cite> \(address) </cite></a> and "
    }
}
