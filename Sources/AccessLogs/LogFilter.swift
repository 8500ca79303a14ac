/// Which lines are wanted.
public struct LogFilter: Sendable {
    /// A status as a person types it: `404`, `404.3` or `5xx`.
    public struct Status: Equatable, Sendable {
        let lowest: UInt64
        let highest: UInt64
        let subStatus: UInt64?

        /// Nil for what is none.
        public init?(_ text: some StringProtocol) {
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let status = parts[0].lowercased()
            guard status.utf8.count == 3, let hundreds = status.utf8.first.map({ UInt64($0 &- 0x30) }),
                (1...9).contains(hundreds)
            else { return nil }
            if status.hasSuffix("xx") {
                guard parts.count == 1 else { return nil }
                (lowest, highest, subStatus) = (hundreds * 100, hundreds * 100 + 99, nil)
                return
            }
            guard let number = UInt64(status) else { return nil }
            (lowest, highest) = (number, number)
            guard parts.count == 2 else {
                subStatus = nil
                return
            }
            guard let sub = UInt64(parts[1]), parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            subStatus = sub
        }
    }

    /// Seconds since 1970; nil: whenever.
    public var since: Int64?
    /// One of them; empty: any.
    public var statuses: [Status] = []
    /// What the path begins with, in any case of letters.
    public var url = ""
    /// So long it took at least. Unit: milliseconds.
    public var slow: UInt64?
    /// `s-sitename`; nil: any.
    public var siteMark: String?

    public init() {}

    /// Whether lines are looked at one by one.
    var isEmpty: Bool { since == nil && statuses.isEmpty && url.isEmpty && slow == nil && siteMark == nil }

    func accepts(_ record: LogRecord) -> Bool {
        if let siteMark, record["s-sitename"]?.elementsEqual(siteMark.utf8) != true { return false }
        if let since {
            guard let seconds = record.seconds, seconds >= since else { return false }
        }
        if let slow {
            guard let taken = record.number("time-taken"), taken >= slow else { return false }
        }
        if !url.isEmpty {
            guard let path = record["cs-uri-stem"], Self.begins(path, url) else { return false }
        }
        guard !statuses.isEmpty else { return true }
        guard let status = record.number("sc-status") else { return false }
        return statuses.contains { wanted in
            (wanted.lowest...wanted.highest).contains(status)
                && (wanted.subStatus == nil || wanted.subStatus == record.number("sc-substatus"))
        }
    }

    private static func begins(_ path: ArraySlice<UInt8>, _ prefix: String) -> Bool {
        guard path.count >= prefix.utf8.count else { return false }
        func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
        return zip(path, prefix.utf8).allSatisfy { lower($0) == lower($1) }
    }

    /// The fields that it asks about and the log does not have, so that no line can be found.
    func missing(in columns: LogColumns) -> [String] {
        var asked: [String] = []
        if siteMark != nil { asked.append("s-sitename") }
        if since != nil { asked += ["date", "time"] }
        if slow != nil { asked.append("time-taken") }
        if !url.isEmpty { asked.append("cs-uri-stem") }
        if !statuses.isEmpty { asked.append("sc-status") }
        if statuses.contains(where: { $0.subStatus != nil }) { asked.append("sc-substatus") }
        return asked.filter { columns.place(of: $0) == nil }
    }
}
