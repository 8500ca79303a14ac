/// What pages of errors are made of, for modules that make their own.
package enum ErrorPageParts {
    /// The style sheet of all of them.
    package static var style: String { ErrorPage.style }

    /// Why the error usually happens, and what helps; nil where there is nothing to say.
    package static func advice(_ status: UInt16, _ subStatus: UInt16) -> (causes: [String], remedies: [String])? {
        ErrorAdvice.of(status, subStatus).map { ($0.causes, $0.remedies) }
    }
}
