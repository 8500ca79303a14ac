extension Refusal {
    /// Every refusal in the order of the cases. Codes: IIS's status and sub-status table.
    static let table: [RefusalRow] = [
        RefusalRow(.forwardedForInvalid, 400, 10, "The X-Forwarded-For header of this request is badly formed."),
        RefusalRow(.logonFailed, 401, 1, "Access is denied: the user name or the password is wrong."),
        RefusalRow(
            .authenticationRequired, 401, 2,
            "Access is denied: no way to sign in that this server offers is accepted here."),
        RefusalRow(
            .notPermittedByAccessControl, 401, 3, "Access is denied: the file's permissions do not allow it to be read."
        ),
        RefusalRow(
            .tooManyConcurrentRequestsUnauthorized, 401, 501,
            "Access is denied: too many requests of this address at once."),
        RefusalRow(
            .requestRateUnauthorized, 401, 502, "Access is denied: too many requests of this address in a short time."),
        RefusalRow(.addressUnauthorized, 401, 503, "Access is denied to this address."),
        RefusalRow(.hostNameUnauthorized, 401, 504, "Access is denied to this host name."),
        RefusalRow(
            .executeAccessForbidden, 403, 1,
            "The access policy of this folder does not allow programs or scripts to run."),
        RefusalRow(.readAccessForbidden, 403, 2, "The access policy of this folder does not allow reading."),
        RefusalRow(.writeAccessForbidden, 403, 3, "The access policy of this folder does not allow writing."),
        RefusalRow(.secureChannelRequired, 403, 4, "This page is only served over a secure connection (https)."),
        RefusalRow(
            .strongSecureChannelRequired, 403, 5, "This page is only served over a connection with 128-bit encryption."),
        RefusalRow(.addressRejected, 403, 6, "The server does not serve this address."),
        RefusalRow(.clientCertificateRequired, 403, 7, "This page requires a client certificate."),
        RefusalRow(.hostNameRejected, 403, 8, "The server does not serve this host name."),
        RefusalRow(.contentDisabled, 403, 10, "The configuration of the server does not let this content be served."),
        RefusalRow(.directoryListingDenied, 403, 14, "The server does not list the contents of this folder."),
        RefusalRow(.originDenied, 403, 0, "Pages of this origin may not use this address."),
        RefusalRow(.tooManyConcurrentRequests, 403, 501, "Too many requests of this address at once."),
        RefusalRow(.requestRateTooHigh, 403, 502, "Too many requests of this address in a short time."),
        RefusalRow(
            .sectionNotEnforced, 500, 0,
            "The configuration restricts access here in a way that this server does not enforce yet, so nothing is served."
        ),
        RefusalRow(.notFound, 404, 0, "The page was removed, renamed, or is not available."),
        RefusalRow(.siteNotFound, 404, 1, "The site is not served here."),
        RefusalRow(.noMIMEMap, 404, 3, "Files of this kind are not served: the extension has no MIME type."),
        RefusalRow(.noHandler, 404, 4, "No handler is configured for this URL."),
        RefusalRow(.urlSequenceDenied, 404, 5, "Request filtering denies a sequence of characters in this URL."),
        RefusalRow(.verbDenied, 404, 6, "Request filtering denies this HTTP verb."),
        RefusalRow(.fileExtensionDenied, 404, 7, "Request filtering denies this file extension."),
        RefusalRow(.hiddenSegment, 404, 8, "Request filtering hides a segment of this URL."),
        RefusalRow(.doubleEscaping, 404, 11, "Request filtering denies a URL that is escaped twice."),
        RefusalRow(.highBitCharacters, 404, 12, "Request filtering denies characters outside ASCII in the URL."),
        RefusalRow(.urlTooLong, 404, 14, "The URL is longer than request filtering allows."),
        RefusalRow(.queryStringTooLong, 404, 15, "The query string is longer than request filtering allows."),
        RefusalRow(
            .queryStringSequenceDenied, 404, 18,
            "Request filtering denies a sequence of characters in the query string."),
        RefusalRow(.filteringRule, 404, 19, "A filtering rule denies this request."),
        RefusalRow(.tooManySegments, 404, 20, "The URL has more segments than the site allows."),
        RefusalRow(
            .tooManyConcurrentRequestsNotFound, 404, 501, "The page was removed, renamed, or is not available."),
        RefusalRow(.requestRateNotFound, 404, 502, "The page was removed, renamed, or is not available."),
        RefusalRow(.addressNotFound, 404, 503, "The page was removed, renamed, or is not available."),
        RefusalRow(.hostNameNotFound, 404, 504, "The page was removed, renamed, or is not available."),
        RefusalRow(.methodNotAllowed, 405, 0, "The HTTP verb of this request is not allowed for this page."),
        RefusalRow(.preconditionFailed, 412, 0, "A condition that the request set for the page does not hold."),
        RefusalRow(.entityTooLarge, 413, 0, "The request's content is larger than the server takes here."),
        RefusalRow(.contentTooLarge, 413, 1, "The request's content is larger than request filtering allows."),
        RefusalRow(.rangeNotSatisfiable, 416, 0, "The page has none of the parts that the request asks for."),
        RefusalRow(.headerTooLong, 431, 0, "A request header is longer than request filtering allows."),
        RefusalRow(.internalError, 500, 0, "The page cannot be shown because an error occurred on the server."),
        RefusalRow(.configurationInvalid, 500, 19, "The page cannot be shown because its configuration is invalid."),
        RefusalRow(.moduleNotRecognized, 500, 21, "The page cannot be shown because a module is missing."),
        RefusalRow(
            .httpModulesInIntegratedMode, 500, 22,
            "An ASP.NET setting does not apply in integrated pipeline mode: modules in system.web."),
        RefusalRow(
            .httpHandlersInIntegratedMode, 500, 23,
            "An ASP.NET setting does not apply in integrated pipeline mode: handlers in system.web."),
        RefusalRow(
            .impersonationInIntegratedMode, 500, 24,
            "An ASP.NET setting does not apply in integrated pipeline mode: impersonation."),
        RefusalRow(.runtimeHostNotLoaded, 500, 32, "The application is built for another kind of process."),
        RefusalRow(
            .hostingModelsMixed, 500, 34, "Applications of one pool are to run in ways that exclude each other."),
        RefusalRow(
            .secondInProcessApplication, 500, 35, "Another application runs in the process that this one asks for."),
        RefusalRow(.traceDisabled, 501, 0, "The server does not offer the TRACE verb."),
        RefusalRow(.badGateway, 502, 3, "The application behind this server gave no answer that could be passed on."),
        RefusalRow(.applicationNotStarted, 502, 5, "The application did not start."),
        RefusalRow(.concurrentRequestLimit, 503, 2, "The application serves as many requests at once as it may."),
        RefusalRow(.signInOverload, 503, 0, "The server checks as many passwords at once as it can; try again later."),
        RefusalRow(.applicationStopping, 503, 0, "The application is being stopped; try again in a moment."),
    ]
}
