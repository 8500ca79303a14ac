import Pipeline

/// A listing's page, made row by row as the client takes it.
final class ListingSource: BodySource {
    let length: Int64? = nil
    private let page: ListingPage
    private let listing: Listing
    /// 0 is what comes before the rows; behind them comes one more.
    private var nextPart = 0
    private var pending: ArraySlice<UInt8> = []

    init(_ page: ListingPage, _ listing: Listing) {
        self.page = page
        self.listing = listing
    }

    func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
        var left = limit
        while left > 0 {
            if pending.isEmpty {
                guard let part = part(nextPart) else { return .ended }
                pending = Array(part.utf8)[...]
                nextPart += 1
            }
            let piece = pending.prefix(left)
            bytes += piece
            pending.removeFirst(piece.count)
            left -= piece.count
        }
        return pending.isEmpty && nextPart > listing.rows.count + 1 ? .ended : .more
    }

    /// None of these is empty.
    private func part(_ index: Int) -> String? {
        switch index {
        case 0: page.beginning(listing)
        case ...listing.rows.count: page.row(listing.rows[index - 1])
        case listing.rows.count + 1: page.end(listing)
        default: nil
        }
    }

    func cancel() {}
}
