/// What a status tells any client: IIS's title and one sentence that gives nothing of the server away.
struct StatusText {
    let title: String
    let sentence: String

    static func of(_ status: UInt16) -> StatusText {
        let row = rows.first { $0.status == status } ?? (status, "Error", "The server cannot answer this request.")
        return StatusText(title: row.title, sentence: row.sentence)
    }

    private static let rows: [(status: UInt16, title: String, sentence: String)] = [
        (400, "Bad Request", "The server cannot understand the request."),
        (401, "Unauthorized", "You are not allowed to see this page with the credentials that you supplied."),
        (403, "Forbidden", "You are not allowed to see this folder or page."),
        (404, "Not Found", "The page you are looking for was removed, renamed, or is not available for now."),
        (405, "Method Not Allowed", "This page cannot be asked for in this way."),
        (412, "Precondition Failed", "A condition that the request set does not hold."),
        (413, "Content Too Large", "The request is larger than the server accepts."),
        (431, "Request Header Fields Too Large", "A header of the request is larger than the server accepts."),
        (500, "Internal Server Error", "The page cannot be shown because of a problem on the server."),
        (501, "Not Implemented", "The server does not offer what the request asks for."),
        (502, "Bad Gateway", "The server got no usable answer from the application."),
        (503, "Service Unavailable", "The service is not available for now. Try again later."),
    ]
}
