internal import Platform

/// A part of a text that another version has something else in place of.
struct TextDifference: Equatable {
    let old: Range<Int>
    let new: Range<Int>

    /// More differences than these become one.
    private static let limit = 16
    /// How many anchors ahead a part that is the same again is looked for.
    private static let distances = [0, 1, 2, 4, 8, 16, 64]

    /// What is different, in order; `anchors` are parts of the old text, in order, that are likely to be found again.
    static func all(from old: [UInt8], to new: [UInt8], anchors: [Range<Int>]) -> [TextDifference] {
        let (one, other) = (old.span, new.span)
        var place = ByteSearch.commonPrefix(one, from: 0, other, from: 0, limit: min(one.count, other.count))
        guard place < max(one.count, other.count) else { return [] }
        let suffix = ByteSearch.commonSuffix(one, other, limit: min(one.count, other.count) - place)
        let (oldEnd, newEnd) = (one.count - suffix, other.count - suffix)
        var newPlace = place
        var all: [TextDifference] = []
        var anchor = 0
        while all.count < limit - 1 {
            var low = anchor
            var high = anchors.count
            while low < high {
                let middle = (low + high) / 2
                if anchors[middle].lowerBound > place { high = middle } else { low = middle + 1 }
            }
            anchor = low
            var found: (Range<Int>, Int)?
            for distance in distances where anchor + distance < anchors.count {
                let span = anchors[anchor + distance]
                guard span.upperBound <= oldEnd else { break }
                if let match = ByteSearch.find(one.extracting(span), in: other, newPlace..<newEnd) {
                    found = (span, match)
                    break
                }
            }
            guard let (span, match) = found else { break }
            all.append(TextDifference(old: place..<span.lowerBound, new: newPlace..<match))
            let same = ByteSearch.commonPrefix(
                one, from: span.lowerBound, other, from: match,
                limit: min(oldEnd - span.lowerBound, newEnd - match))
            place = span.lowerBound + same
            newPlace = match + same
        }
        if place < oldEnd || newPlace < newEnd {
            all.append(TextDifference(old: place..<oldEnd, new: newPlace..<newEnd))
        }
        return all
    }
}
