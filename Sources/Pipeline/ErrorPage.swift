import Configuration
import Wire

/// The page that a refused request gets: plain for anybody, or with all that helps an administrator.
///
/// The plain page holds the status and one general sentence. The detailed one follows IIS's: module, notification,
/// handler, error code, URL and physical path, and for a broken configuration file the three lines around the error.
public struct ErrorPage {
    private let failure: Failure
    private let url: String
    private let isDetailed: Bool

    /// - Parameter isDetailed: only for readers who may know the server's insides.
    public init(_ failure: Failure, _ request: RequestContext, isDetailed: Bool) {
        self.failure = failure
        self.isDetailed = isDetailed
        guard isDetailed else {
            url = ""
            return
        }
        let head = request.head
        var address: [UInt8] = []
        if let index = head.field("host") { address.append(copying: head.value(ofField: index)) }
        address.append(copying: head.target)
        url = "\(head.scheme)://" + String(decoding: address, as: UTF8.self)
    }

    /// UTF-8.
    public var html: [UInt8] {
        let text = StatusText.of(failure.refusal.status)
        let number =
            isDetailed
            ? "\(failure.refusal.status).\(failure.refusal.subStatus)" : "\(failure.refusal.status)"
        let title = "HTTP Error \(number) – \(text.title)"
        var page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <p>\(Self.escaped(isDetailed ? failure.refusal.text : text.sentence))</p>

            """
        if isDetailed { page += details }
        page += "</main>\n</body>\n</html>\n"
        return Array(page.utf8)
    }

    private var details: String {
        var rows = [("Module", failure.module), ("Notification", failure.stage.name)]
        rows.append(("Handler", failure.handler.isEmpty ? "Not yet determined" : failure.handler))
        if failure.code != 0 { rows.append(("Error Code", "0x" + Self.hexadecimal(failure.code))) }
        if let error = failure.configurationError {
            rows.append(("Config Error", error.text))
            rows.append(("Config File", error.file))
            if error.line > 0 { rows.append(("Line", "\(error.line)")) }
        } else if !failure.detail.isEmpty {
            rows.append(("Detail", failure.detail))
        }
        rows.append(("Requested URL", url))
        rows.append(("Physical Path", failure.physicalPath.isEmpty ? "Not yet determined" : failure.physicalPath))
        var html = "<h2>Detailed Error Information</h2>\n<dl>\n"
        for (term, description) in rows {
            html += "<div><dt>\(term)</dt><dd>\(Self.escaped(description))</dd></div>\n"
        }
        html += "</dl>\n"
        if let error = failure.configurationError, let source = SourceLines(error) {
            html += "<h2>Config Source</h2>\n<pre>"
            for line in source.lines {
                let text = Self.escaped("\(line.number): \(line.text)")
                html += line.number == error.line ? "<strong>\(text)</strong>\n" : "\(text)\n"
            }
            html += "</pre>\n"
        }
        return html
    }

    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Eight digits.
    private static func hexadecimal(_ code: UInt32) -> String {
        let digits = String(code, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static let style = """
        :root{color-scheme:light dark}
        body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
        main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
        h1{font-size:1.5rem;line-height:1.25;border-bottom:.25rem solid #b3261e;padding-bottom:.5rem}
        h2{font-size:1.125rem}
        dl div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.25rem 0;border-bottom:1px solid #8886}
        dt{flex:0 0 9rem;font-weight:600}
        dd{margin:0;flex:1 1 16rem;overflow-wrap:anywhere}
        pre{overflow:auto;padding:.75rem;border:1px solid #8886}
        """
}
