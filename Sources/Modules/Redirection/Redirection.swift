import Pipeline
import Wire

extension RequestContext {
    /// Sends the client elsewhere, with a page for those that do not follow by themselves.
    ///
    /// - Parameter location: an address as it stands in a header; what would end the header or is no ASCII is
    ///   percent-encoded. One that is longer than 16 KB is 404.14.
    func redirect(to location: [UInt8], status: UInt16) -> NotificationStatus {
        let location = PercentEncoding.encode(location: location)
        guard location.count <= Redirection.maximumLocation else { return refuse(.urlTooLong) }
        dropRepresentation()
        response.headers.append("Location", location.span)
        response.headers.append("Content-Type", "text/html; charset=utf-8")
        response.body = .bytes(Redirection.page(location))
        response.set(status: status)
        return .finishRequest
    }
}

enum Redirection {
    /// Unit: bytes.
    static let maximumLocation = 16_384

    static func page(_ location: [UInt8]) -> [UInt8] {
        let address = HTMLText.escaped(String(decoding: location, as: UTF8.self))
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Moved</title>
            <style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}</style>
            </head>
            <body>
            <main>
            <h1>Moved</h1>
            <p>The page is <a href="\(address)">here</a> now.</p>
            </main>
            </body>
            </html>

            """
        return Array(page.utf8)
    }
}
