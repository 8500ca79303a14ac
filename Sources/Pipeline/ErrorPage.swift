import Configuration
import Platform
import Wire

/// The page that a request gets which went wrong: plain for anybody, or with all that helps an administrator.
///
/// The plain page holds the status and one general sentence. The detailed one follows IIS's: causes and what to try,
/// module, notification, handler, error code, URL, physical path and user, and for a broken configuration file the three
/// lines around the error. It runs no script and loads nothing.
struct ErrorPage {
    private let status: UInt16
    private let subStatus: UInt16
    private let failure: Failure?
    /// Nil for the plain page.
    private let details: Details?

    /// What only readers may see who may know the server's insides.
    private struct Details {
        /// Term and description.
        let rows: [(String, String)]
        /// Empty for none.
        let link: String
    }

    /// The page that anybody may read.
    init(plain request: RequestContext) {
        status = request.response.status
        subStatus = request.response.subStatus
        failure = nil
        details = nil
    }

    /// - Parameter moreInformation: a web address to read on at, `detailedMoreInformationLink`; empty for none.
    init(detailed request: RequestContext, moreInformation: String) {
        status = request.response.status
        subStatus = request.response.subStatus
        // A module may have given another status to a request that had been refused.
        let failure = request.failure.flatMap { $0.refusal.status == request.response.status ? $0 : nil }
        self.failure = failure
        details = Details(
            rows: Self.rows(request, failure),
            link: Self.link(
                moreInformation, request.response.status, request.response.subStatus, code: failure?.code ?? 0))
    }

    /// UTF-8.
    var html: [UInt8] {
        let text = StatusText.of(status)
        let number = details == nil ? "\(status)" : "\(status).\(subStatus)"
        let lead = details == nil ? text.sentence : failure?.refusal.text ?? text.sentence
        // The plain page has nothing but its heading.
        let heading = details == nil ? "main" : "header"
        var page = ErrorPageParts.beginning(number: number, name: text.title, lead: lead, in: heading)
        if let details {
            page += "<main>\n" + advice + section(details) + source + more(details) + "</main>\n"
            page += """
                <footer><p>This page is for the server’s administrators. Who sees it is said by <code>errorMode</code> of \
                <code>system.webServer/httpErrors</code>.</p></footer>

                """
        }
        return Array((page + "</body>\n</html>\n").utf8)
    }

    private var advice: String {
        guard let advice = ErrorAdvice.of(status, subStatus) else { return "" }
        return ErrorPageParts.list("Most likely causes", advice.causes)
            + ErrorPageParts.list("Things you can try", advice.remedies)
    }

    private func section(_ details: Details) -> String {
        let rows = details.rows.map { row in
            "<div><dt>\(row.0)</dt><dd>\(HTMLText.escaped(row.1))</dd></div>\n"
        }
        return "<section>\n<h2>Detailed Error Information</h2>\n<dl>\n\(rows.joined())</dl>\n</section>\n"
    }

    private var source: String {
        guard let error = failure?.configurationError, let source = SourceLines(error) else { return "" }
        var lines = ""
        for line in source.lines {
            let text = HTMLText.escaped("\(line.number): \(line.text)")
            lines += line.number == error.line ? "<strong>\(text)</strong>\n" : "\(text)\n"
        }
        return ErrorPageParts.lines("Config Source", id: "source", lines)
    }

    private func more(_ details: Details) -> String {
        guard !details.link.isEmpty else { return "" }
        let link = HTMLText.escaped(details.link)
        return """
            <section>
            <h2>More Information</h2>
            <p><a href="\(link)" rel="noreferrer">Read more about this error</a></p>
            </section>

            """
    }

    private static let unknown = "Not yet determined"

    private static func rows(_ request: RequestContext, _ failure: Failure?) -> [(String, String)] {
        let resolution = request.frames.first?.resolution
        let handler = failure?.handler ?? request.frames.first?.candidate?.handler.name ?? ""
        let physicalPath = failure?.physicalPath ?? resolution?.physicalPath?.text ?? ""
        var rows: [(String, String)] = []
        if let failure {
            rows += [("Module", failure.module), ("Notification", failure.stage.name)]
        }
        rows.append(("Handler", handler.isEmpty ? unknown : handler))
        if let code = failure?.code, code != 0 { rows.append(("Error Code", hexadecimal(code))) }
        if let error = failure?.configurationError {
            rows += [("Config Error", error.text), ("Config File", error.file)]
            if error.line > 0 { rows.append(("Line", "\(error.line)")) }
        } else if let detail = failure?.detail, !detail.isEmpty {
            rows.append(("Detail", detail))
        }
        if let resolution { rows.append(("Site", resolution.siteName)) }
        rows.append(("Requested URL", String(decoding: request.head.url(), as: UTF8.self)))
        rows.append(("Physical Path", physicalPath.isEmpty ? unknown : physicalPath))
        let user: (method: String, name: String) =
            switch request.user {
            case .unknown: (unknown, unknown)
            case .anonymous: ("Anonymous", "Anonymous")
            case .authenticated(let user): (user.scheme, user.name)
            }
        rows += [("Logon Method", user.method), ("Logon User", user.name)]
        return rows
    }

    /// The address with status, sub-status and error code behind it, as IIS hands them on; empty where it is no web
    /// address, so that nobody is led to run a script.
    private static func link(_ address: String, _ status: UInt16, _ subStatus: UInt16, code: UInt32) -> String {
        let scheme = address.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https" else { return "" }
        let separator = address.contains("?") ? "&" : "?"
        return "\(address)\(separator)IIS70Error=\(status),\(subStatus),\(hexadecimal(code))"
    }

    /// `0x` and eight digits.
    private static func hexadecimal(_ code: UInt32) -> String {
        let digits = String(code, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
