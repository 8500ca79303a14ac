import Pipeline

/// The page that visitors get of an application that does not start.
public enum StartFailurePage {
    /// Where Microsoft says more about these errors.
    private static let documentation = "https://learn.microsoft.com/aspnet/core/test/troubleshoot-azure-iis"

    /// - Parameters:
    ///   - details: what exactly, for those who may know the server's insides; nil for everybody else.
    ///   - link: a web address that the administrator wants read (`ANCM_ADDITIONAL_ERROR_PAGE_LINK`); nil for none.
    /// - Returns: UTF-8, up to `</html>` and one line end.
    public static func make(_ failure: StartFailure, details: String? = nil, link: String? = nil) -> [UInt8] {
        let refusal = failure.refusal
        var page = ErrorPageParts.beginning(
            number: "\(refusal.status).\(refusal.subStatus)", dash: "-", name: HTMLText.escaped(failure.title),
            lead: refusal.text)
        page += "<main>\n"
        if let advice = ErrorPageParts.advice(refusal.status, refusal.subStatus) {
            page += ErrorPageParts.list("Common solutions to this issue:", advice.causes)
            page += ErrorPageParts.list("Troubleshooting steps:", advice.remedies)
        }
        if let details, !details.isEmpty {
            page += ErrorPageParts.lines(
                "Specific error detected by ANCM:", id: "details", HTMLText.escaped(details))
        }
        page +=
            "<section>\n<p style=\"overflow-wrap:anywhere\">For more information visit: \(anchor(link))<a href=\"\(documentation)\" rel=\"noreferrer\">"
        page += "<cite>\(documentation)</cite></a></p>\n</section>\n</main>\n</body>\n</html>"
        return Array(page.utf8) + [0x0D, 0x0A]
    }

    /// Nothing for what is no web address, so that nobody is led to run a script.
    private static func anchor(_ link: String?) -> String {
        guard let link, ["http", "https"].contains(link.prefix { $0 != ":" }.lowercased()) else { return "" }
        let address = HTMLText.escaped(link)
        return "<a href=\"\(address)\"> <cite> \(address) </cite></a> and "
    }
}
