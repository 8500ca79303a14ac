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
        (402, "Payment Required", "This page is not free."),
        (403, "Forbidden", "You are not allowed to see this folder or page."),
        (404, "Not Found", "The page you are looking for was removed, renamed, or is not available for now."),
        (405, "Method Not Allowed", "This page cannot be asked for in this way."),
        (406, "Not Acceptable", "The page is not there in a form that your program accepts."),
        (407, "Proxy Authentication Required", "A proxy on the way asks who you are."),
        (408, "Request Timeout", "The request took too long to arrive."),
        (409, "Conflict", "The request contradicts the state that the page is in."),
        (410, "Gone", "The page was removed and does not come back."),
        (411, "Length Required", "The request does not say how long it is."),
        (412, "Precondition Failed", "A condition that the request set does not hold."),
        (413, "Content Too Large", "The request is larger than the server accepts."),
        (414, "URI Too Long", "The address is longer than the server accepts."),
        (415, "Unsupported Media Type", "The server does not take content of this kind."),
        (416, "Range Not Satisfiable", "The page has no part where the request looks for one."),
        (417, "Expectation Failed", "The server cannot do what the request expects."),
        (421, "Misdirected Request", "This server does not answer for the address."),
        (422, "Unprocessable Content", "The request’s content makes no sense here."),
        (423, "Locked", "The page is locked."),
        (424, "Failed Dependency", "Another request that this one needs has failed."),
        (428, "Precondition Required", "The server wants to know which state of the page is meant."),
        (429, "Too Many Requests", "You have asked too often. Try again later."),
        (431, "Request Header Fields Too Large", "A header of the request is larger than the server accepts."),
        (451, "Unavailable For Legal Reasons", "The page is withheld for legal reasons."),
        (500, "Internal Server Error", "The page cannot be shown because of a problem on the server."),
        (501, "Not Implemented", "The server does not offer what the request asks for."),
        (502, "Bad Gateway", "The server got no usable answer from the application."),
        (503, "Service Unavailable", "The service is not available for now. Try again later."),
        (504, "Gateway Timeout", "The application did not answer in time."),
        (505, "HTTP Version Not Supported", "The server does not speak this version of HTTP."),
        (507, "Insufficient Storage", "There is no room for what the request brings."),
    ]
}
