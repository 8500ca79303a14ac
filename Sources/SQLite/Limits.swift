internal import CSQLite
internal import Platform

/// Decides what statements may do.
public final class Authorizer {
    /// What a statement wants to do.
    public enum Action: Equatable, Sendable {
        case select
        /// The column is empty where only the table matters.
        case read(table: String, column: String, database: String)
        case function(String)
        /// `WITH RECURSIVE`.
        case recursion
        case pragma(String, argument: String?)
        case transaction
        /// Anything that changes something, or opens or makes a file.
        case change
    }

    private let allows: (Action) -> Bool

    init(_ allows: @escaping (Action) -> Bool) { self.allows = allows }

    /// What SQLite's callback answers: its texts live during the call.
    @unsafe func verdict(
        _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?,
        _ database: UnsafePointer<CChar>?
    ) -> Int32 {
        let one = unsafe first.map { unsafe String(cString: $0) }
        let two = unsafe second.map { unsafe String(cString: $0) }
        let wanted: Action =
            switch action {
            case SQLITE_SELECT: .select
            case SQLITE_READ:
                unsafe .read(
                    table: one ?? "", column: two ?? "",
                    database: database.map { unsafe String(cString: $0) } ?? "")
            case SQLITE_FUNCTION: .function(two ?? "")
            case SQLITE_RECURSIVE: .recursion
            case SQLITE_PRAGMA: .pragma(one ?? "", argument: two)
            case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: .transaction
            default: .change
            }
        return allows(wanted) ? SQLITE_OK : SQLITE_DENY
    }
}

/// A moment after which statements stop.
final class TimeLimit {
    /// SQLite asks again after so many steps of its machine; well below a millisecond.
    static let interval: Int32 = 4096

    private let end: UInt64

    init(_ limit: Duration) {
        end = MonotonicClock.nanoseconds() + UInt64(clamping: limit.nanoseconds)
    }

    var isOver: Bool { MonotonicClock.nanoseconds() >= end }
}

extension Duration {
    /// The longest there is stands for longer ones: 146 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLong ? .max / 2 : min(whole, .max / 2) + attoseconds / 1_000_000_000
    }
}
