/// What an administrator reads on the detailed page beside the facts: why this usually happens, and what helps.
struct ErrorAdvice: Sendable {
    let status: UInt16
    /// Nil for every sub-status that has no row of its own.
    let subStatus: UInt16?
    let causes: [String]
    let remedies: [String]

    init(_ status: UInt16, _ subStatus: UInt16?, causes: [String], remedies: [String]) {
        self.status = status
        self.subStatus = subStatus
        self.causes = causes
        self.remedies = remedies
    }

    /// Nil where there is nothing to say that the text of the error does not.
    static func of(_ status: UInt16, _ subStatus: UInt16) -> ErrorAdvice? {
        table.first { $0.status == status && $0.subStatus == subStatus }
            ?? table.first { $0.status == status && $0.subStatus == nil }
    }
}
