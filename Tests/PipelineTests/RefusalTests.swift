import Testing

@testable import Pipeline

struct RefusalTests {
    @Test
    func everyReasonHasItsOwnRow() {
        #expect(Refusal.table.map(\.reason) == Refusal.allCases)
    }

    /// Reference §8.11.
    @Test(
        arguments: [
            (Refusal.forwardedForInvalid, 400, 10), (.logonFailed, 401, 1), (.authenticationRequired, 401, 2),
            (.notPermittedByAccessControl, 401, 3),
            (.executeAccessForbidden, 403, 1), (.readAccessForbidden, 403, 2), (.writeAccessForbidden, 403, 3),
            (.secureChannelRequired, 403, 4), (.strongSecureChannelRequired, 403, 5),
            (.addressRejected, 403, 6), (.clientCertificateRequired, 403, 7), (.hostNameRejected, 403, 8),
            (.tooManyConcurrentRequests, 403, 501), (.requestRateTooHigh, 403, 502),
            (.tooManyConcurrentRequestsUnauthorized, 401, 501), (.requestRateUnauthorized, 401, 502),
            (.contentDisabled, 403, 10),
            (.directoryListingDenied, 403, 14), (.notFound, 404, 0), (.siteNotFound, 404, 1), (.noMIMEMap, 404, 3),
            (.noHandler, 404, 4), (.urlSequenceDenied, 404, 5), (.verbDenied, 404, 6), (.fileExtensionDenied, 404, 7),
            (.hiddenSegment, 404, 8), (.doubleEscaping, 404, 11), (.highBitCharacters, 404, 12), (.urlTooLong, 404, 14),
            (.queryStringTooLong, 404, 15), (.queryStringSequenceDenied, 404, 18), (.filteringRule, 404, 19),
            (.tooManySegments, 404, 20),
            (.methodNotAllowed, 405, 0), (.preconditionFailed, 412, 0), (.entityTooLarge, 413, 0),
            (.contentTooLarge, 413, 1),
            (.configurationInvalid, 500, 19), (.moduleNotRecognized, 500, 21),
            (.httpModulesInIntegratedMode, 500, 22), (.httpHandlersInIntegratedMode, 500, 23),
            (.impersonationInIntegratedMode, 500, 24), (.concurrentRequestLimit, 503, 2),
        ] as [(Refusal, UInt16, UInt16)])
    func aReasonHasTheStatusOfTheReference(_ refusal: Refusal, status: UInt16, subStatus: UInt16) {
        #expect(refusal.status == status)
        #expect(refusal.subStatus == subStatus)
    }
}
