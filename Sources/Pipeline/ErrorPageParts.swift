/// What pages of errors are made of, those of modules that make their own among them. They run no script and load nothing.
package enum ErrorPageParts {
    /// Why the error usually happens, and what helps; nil where there is nothing to say.
    package static func advice(_ status: UInt16, _ subStatus: UInt16) -> (causes: [String], remedies: [String])? {
        ErrorAdvice.of(status, subStatus).map { ($0.causes, $0.remedies) }
    }

    /// A page up to what follows its heading.
    ///
    /// - Parameters:
    ///   - number: status, and sub-status where it is told: `404.3`.
    ///   - dash: between number and name in the page's title.
    ///   - name: the error's, as HTML.
    ///   - lead: one sentence, as text.
    ///   - element: what the heading stands in.
    package static func beginning(
        number: String, dash: Character = "–", name: String, lead: String, in element: String = "header"
    ) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>HTTP Error \(number) \(dash) \(name)</title>
        <style>\(ErrorPage.style)</style>
        </head>
        <body>
        <\(element)>
        <h1><span>HTTP Error \(number)</span> \(name)</h1>
        <p>\(HTMLText.escaped(lead))</p>
        </\(element)>

        """
    }

    /// A section of points, which are text.
    package static func list(_ title: String, _ items: [String]) -> String {
        let items = items.map { "<li>\(HTMLText.escaped($0))</li>\n" }.joined()
        return "<section>\n<h2>\(title)</h2>\n<ul>\n\(items)</ul>\n</section>\n"
    }

    /// A section of text that keeps its lines. It scrolls, so the keyboard must reach it.
    ///
    /// - Parameter html: its lines.
    package static func lines(_ title: String, id: String, _ html: String) -> String {
        """
        <section>
        <h2 id="\(id)">\(title)</h2>
        <pre tabindex="0" role="region" aria-labelledby="\(id)">\(html)</pre>
        </section>

        """
    }
}
