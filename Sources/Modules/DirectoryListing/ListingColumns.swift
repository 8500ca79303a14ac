/// What a listing shows of a file besides its name: `directoryBrowse/@showFlags`.
///
/// IIS: `Date, Time, Size, Extension`.
struct ListingColumns: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    static let date = ListingColumns(rawValue: 2)
    static let time = ListingColumns(rawValue: 4)
    static let size = ListingColumns(rawValue: 8)
    /// Names with what follows their last dot.
    static let fileExtension = ListingColumns(rawValue: 16)
    /// The date with the names of its day and month, instead of figures.
    static let longDate = ListingColumns(rawValue: 32)

    /// Whether there is a column for when a file was changed.
    var showsChange: Bool { !isDisjoint(with: [.date, .time, .longDate]) }
}
