"""The rows of the reference's table (§20) that have no test here, and why; all others are methods named after them.

In-process rows whose behaviour a visitor, a file or an event shows are run out of process, as every application is.
"""

# Reason, then the rows by their class.
NOT_HERE = {
    "TLS is not served yet": {
        "ClientCertificateTests": """
            HttpsNoClientCert_NoClientCert HttpsClientCert_GetCertInformation""",
        "TlsHandshakeFeatureTests": """
            SetsTlsHandshakeFeature""",
    },
    "HTTP/2 is not served yet": {
        "Http2Tests": """
            Http2_MethodsRequestWithoutData_Success Http2_PostRequestWithoutData_LengthRequired
            Http2_RequestWithDataAndContentLength_Success Http2_RequestWithDataAndNoContentLength_Success
            Http2_ResponseWithData_Success ResponseTrailers_HTTP1_TrailersNotAvailable
            AppException_BeforeResponseHeaders_500 Reset_Http1_NotSupported Reset_PriorOSVersions_NotSupported""",
        "Http2TrailerResetTests": """
            ResponseTrailers_HTTP2_TrailersAvailable ResponseTrailers_ProhibitedTrailers_Blocked
            ResponseTrailers_NoBody_TrailersSent ResponseTrailers_WithBody_TrailersSent
            ResponseTrailers_WithContentLengthBody_TrailersSent
            ResponseTrailers_WithTrailersBeforeContentLengthBody_TrailersSent
            ResponseTrailers_WithContentLengthBodyAndDeclared_TrailersSent
            ResponseTrailers_MultipleValues_SentAsSeparateHeaders ResponseTrailers_CompleteAsyncNoBody_TrailersSent
            ResponseTrailers_CompleteAsyncWithBody_TrailersSent AppException_AfterHeaders_ResetInternalError
            Reset_BeforeResponse_Resets Reset_BeforeResponse_Zero_Resets Reset_AfterResponseHeaders_Resets
            Reset_DuringResponseBody_Resets Reset_BeforeRequestBody_Resets Reset_DuringRequestBody_Resets
            Reset_AfterCompleteAsync_NoReset Reset_CompleteAsyncDuringRequestBody_Resets""",
    },
    "HTTP/3 is not served yet": {
        "Http3Tests": """
            Http3_Direct Http3_AltSvcHeader_UpgradeFromHttp1 Http3_AltSvcHeader_UpgradeFromHttp2 Http3_ResponseTrailers
            Http3_ResetBeforeHeaders Http3_ResetAfterHeaders Http3_AppExceptionAfterHeaders_InternalError
            Http3_Abort_Cancel""",
    },
    "failed-request tracing is not there yet": {
        "FrebTests": """
            CheckCommonFrebEvents FrebIncludesHResultFailures CheckFailedRequestEvents CheckFrebDisconnect""",
    },
    "Windows only: NTLM and Negotiate, HTTP.sys's own timings, HRESULTs": {
        "WindowsAuthTests": """
            WindowsAuthTest""",
        "HttpSysRequestInfoTests": """
            TimingInfo""",
        "AuthenticationTests": """
            Authentication_InProcess""",
        "NtlmAuthenticationTests": """
            NtlmAuthentication""",
        "HttpResponseStreamTests": """
            FlushThrowsIfSynchronousIOIsDisallowed""",
        "HttpUpgradeStreamTests": """
            FlushThrowsIfSynchronousIOIsDisallowed""",
        "IISMiddlewareTests": """
            AddsAuthenticationHandlerByDefault OnlyAddAuthenticationHandlerIfForwardWindowsAuthentication""",
        "CaughtExceptionHResult": """
            ReturnsOutOfMemoryForBadAlloc ReturnsValueForSystemError ReturnsUhandledExceptionForOtherExceptions""",
        "CheckStringHelpers": """
            FormatWithoutContentDoesNotIncreaseSizeString FormatWithoutContentDoesNotIncreaseSizeWstring""",
    },
    "switched by the registry or by a named event of Windows; here a module is removed by its entry in `modules`": {
        "StartupTests": """
            DoesNotStartIfDisabled StartupIsSuspendedWhenEventIsUsed""",
    },
    "the module's handler libraries, their versions and how one meets another: here the module is one part of the worker": {
        "StartupTests": """
            RemoveInProcessReference_FailedToFindRequestHandler
            IncludesAdditionalErrorPageTextOutOfProcessHandlerLoadFailure_CorrectString""",
        "GlobalVersionTests": """
            GlobalVersion_DefaultWorks GlobalVersion_EnvironmentVariableWorks GlobalVersion_NewVersionNumber_Fails
            GlobalVersion_NewVersionNumber GlobalVersion_MultipleRequestHandlers_PicksHighestOne
            GlobalVersion_MultipleRequestHandlers_UpgradeWorks DoesNotCrashWhenNoVersionsAvailable""",
        "StdOutRedirectionTests": """
            EnableCoreHostTraceLogging_TwoLogFilesCreated""",
        "NewHandlerTests": """
            CheckNewHandlerIsUsed""",
        "NewShimTests": """
            CheckNewShimIsUsed""",
        "ConfigUtilityTest": """
            CheckHandlerVersionKeysAndValues""",
        "GlobalVersionTest": """
            RemovesPathCorrectly""",
        "GetRequestHandlerVersions": """
            GetFolders GetFolderPreview GetFolderManyVersions""",
        "FindHighestGlobalVersion": """
            HighestVersionWithSingleFolder HighestVersionWithMultipleVersions HighestVersionWithSemVersion20
            HighestVersionWithMultipleVersionsPreview HighestVersionWithMultipleVersionNoPreview""",
        "GetGlobalRequestHandlerPath": """
            FindHighestVersionNoHandlerName FindHighestVersionPreviewWins FindHighestVersionSpecificVersion
            FindHighestVersionSpecificPreview""",
    },
    "shadow copies are the in-process host's: the files of a process of its own are not locked here": {
        "ShadowCopyTests": """
            ShadowCopyDoesNotLockFiles ShadowCopyRelativeInSameDirectoryWorks ShadowCopyRelativeOutsideDirectoryWorks
            ShadowCopySingleFileChangedWorks ShadowCopyDeleteFolderDuringShutdownWorks
            ShadowCopyE2EWorksWithFolderPresent ShadowCopyE2EWorksWithOldFoldersPresent ShadowCopyCleansUpOlderFolders
            ShadowCopyIgnoresItsOwnDirectoryWithRelativePathSegmentWhenCopying
            ShadowCopyIgnoresItsOwnDirectoryWhenCopying""",
    },
    "the runtime within the worker: its libraries, its stack, its startup hook, its addresses, its limits": {
        "StartupTests": """
            DetectsOverriddenServer SingleExecutable_FailedToFindNativeDependencies
            SetCurrentDirectoryHandlerSettingWorks ExceptionIsNotLoggedToResponseWhenStartupHookIsDisabled
            StackOverflowIsAvoidedBySettingLargerStack StackOverflowCanBeSetBySettingLargerStackViaHandlerSetting
            WebConfigAppendsHostingStartup_InProcess ServerAddressesIncludesBaseAddress""",
        "MaxRequestBodySizeTests": """
            MaxRequestBodySizeE2EWorks SetIISLimitMaxRequestBodyLogsWarning""",
        "IISExpressShutdownTests": """
            ServerShutsDownWhenMainExits ServerShutsDownWhenMainExitsStress""",
        "PipeManagerOutputTest": """
            SetInvalidHandlesForErrAndOut""",
        "StringStreamRedirectionOutputTest": """
            StartStopRestoresCorrectly""",
        "InProcessTest": """
            NoNullRefForExePath""",
    },
    "the managed API of the in-process server, which no process of its own runs": {
        "RequestResponseTests": """
            ProvidesAccessToServerVariables ReturnsNullForUndefinedServerVariable CanSetAndReadVariable
            GetServerVariableDoesNotCrash TestReadOffsetWorks TestInvalidReadOperations TestValidReadOperations
            TestValidReadOperationsPost TestInvalidWriteOperations TestValidWriteOperations TestValidWriteOperationsPost
            ResponseInvalidOrderingTests_ExpectFailure FeatureCollectionTest_SetHttpContextFeatures
            ExposesIServerAddressesFeature""",
        "Latin1Tests": """
            Latin1ReplacedWithoutAppContextSwitch""",
        "ClientDisconnectTests": """
            WriterThrowsCanceledException ReaderThrowsCanceledException ReadsAlwaysGoAsync""",
        "ConnectionIdFeatureTests": """
            ProvidesConnectionId""",
        "HttpBodyControlFeatureTests": """
            ThrowsOnSyncReadOrWrite""",
        "MaxRequestBodySizeTests": """
            RequestBodyTooLargeContentLengthExceedsGlobalLimit RequestBodyTooLargeContentLengthExceedingPerRequestLimit
            DoesNotRejectRequestWithContentLengthHeaderExceedingGlobalLimitIfLimitDisabledPerRequest
            DoesNotRejectRequestWithChunkedExceedingGlobalLimitIfLimitDisabledPerRequest
            DoesNotRejectBodylessGetRequestWithZeroMaxRequestBodySize
            DoesNotRejectBodylessPostWithZeroContentLengthRequestWithZeroMaxRequestBodySize
            DoesNotRejectBodylessPostWithEmptyChunksRequestWithZeroMaxRequestBodySize
            SettingMaxRequestBodySizeAfterReadingFromRequestBodyThrows RequestBodyTooLargeChunked
            EveryReadFailsWhenContentLengthHeaderExceedsGlobalLimit""",
        "ReasonPhraseTests": """
            ReasonPhraseWithControlCharacters_Throws ValidReasonPhrase_Accepted""",
        "TestServerTest": """
            SingleProcessTestServer_HelloWorld""",
        "IISMiddlewareTests": """
            PathBaseHiddenFromServer""",
    },
}


def not_here():
    """`Class.Row` and its reason."""
    return {f"{group}.{row}": reason for reason, groups in NOT_HERE.items()
            for group, rows in groups.items() for row in rows.split()}


def decided_otherwise(reason):
    """Marks the test of a row that applies and is not passed, by a decision; the test holds what happens instead."""
    def mark(method):
        method.decided = reason
        return method
    return mark


def decision(test):
    """Why the test's row is not passed, where it is decided so."""
    return getattr(getattr(test, test.id().rsplit(".", 1)[1]), "decided", "")


def is_row(test):
    """Whether a test is named after a row: those of ours are sentences in small letters."""
    name = test.id().rsplit(".", 1)[1]
    return name.removeprefix("test_")[:1].isupper() and type(test).__name__ != "NativeModules"


def row_of(test):
    return f"{type(test).__name__}.{test.id().rsplit('.', 1)[1].removeprefix('test_')}"
