/// The server variables that say something of a request, by IIS's names.
///
/// Missing are those of TLS and client certificates (`CERT_…`, `CRYPT_…`, `HTTPS_…`), which are not there without them;
/// `AUTH_PASSWORD`, since no password is handed on; and what names a thing of Windows or of another server
/// (`APP_POOL_CONFIG`, `FORWARDED_URL`, `MANAGED_PIPELINE_MODE`, `REQUEST_FLAGS`).
enum ServerVariable: String, CaseIterable, Sendable {
    case allHTTP = "ALL_HTTP"
    case allRaw = "ALL_RAW"
    case applicationMetabasePath = "APPL_MD_PATH"
    case applicationPhysicalPath = "APPL_PHYSICAL_PATH"
    case applicationPool = "APP_POOL_ID"
    case authenticationType = "AUTH_TYPE"
    case authenticatedUser = "AUTH_USER"
    case cacheURL = "CACHE_URL"
    case contentLength = "CONTENT_LENGTH"
    case contentType = "CONTENT_TYPE"
    case documentRoot = "DOCUMENT_ROOT"
    case gatewayInterface = "GATEWAY_INTERFACE"
    case https = "HTTPS"
    case httpMethod = "HTTP_METHOD"
    case httpURL = "HTTP_URL"
    case httpVersion = "HTTP_VERSION"
    case siteID = "INSTANCE_ID"
    case siteMetabasePath = "INSTANCE_META_PATH"
    case siteName = "INSTANCE_NAME"
    case localAddress = "LOCAL_ADDR"
    case logonUser = "LOGON_USER"
    case pathInfo = "PATH_INFO"
    case pathTranslated = "PATH_TRANSLATED"
    case queryString = "QUERY_STRING"
    case remoteAddress = "REMOTE_ADDR"
    case remoteHost = "REMOTE_HOST"
    case remotePort = "REMOTE_PORT"
    case remoteUser = "REMOTE_USER"
    case requestFilename = "REQUEST_FILENAME"
    case requestMethod = "REQUEST_METHOD"
    case requestURI = "REQUEST_URI"
    case scriptFilename = "SCRIPT_FILENAME"
    case scriptName = "SCRIPT_NAME"
    case scriptTranslated = "SCRIPT_TRANSLATED"
    case serverAddress = "SERVER_ADDR"
    case serverName = "SERVER_NAME"
    case serverPort = "SERVER_PORT"
    case serverPortSecure = "SERVER_PORT_SECURE"
    case serverProtocol = "SERVER_PROTOCOL"
    case serverSoftware = "SERVER_SOFTWARE"
    case unencodedURL = "UNENCODED_URL"
    case unmappedRemoteUser = "UNMAPPED_REMOTE_USER"
    case url = "URL"

    /// Whether it is the same for all requests without a query and without a body that have the same URL path, so that
    /// the router may tell it of a response that it kept.
    var followsFromPath: Bool {
        switch self {
        case .applicationMetabasePath, .applicationPhysicalPath, .applicationPool, .documentRoot, .gatewayInterface,
            .pathInfo, .pathTranslated, .queryString, .requestFilename, .scriptFilename, .scriptName,
            .scriptTranslated, .serverSoftware, .siteID, .siteMetabasePath, .siteName, .url:
            true
        default: false
        }
    }
}
