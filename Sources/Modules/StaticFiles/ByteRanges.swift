import Pipeline
import Wire

/// What a `Range` field means for a response of a certain length (RFC 9110, 14.1 and 14.2).
///
/// A field that is not understood counts for nothing, and so does one that asks for more work than it is worth: more
/// than `maximumCount` ranges, more than two that overlap, or more bytes than there are.
enum ByteRanges: Equatable {
    /// All of it is sent.
    case whole
    /// 416.
    case unsatisfiable
    /// At least one, none of them empty, in the order in which they were asked for.
    case parts([Range<Int64>])

    /// How many ranges one request may ask for. Further ones make it a request for the whole.
    static let maximumCount = 64

    /// - Parameter length: unit: bytes. Nothing has no parts: it is sent whole.
    init(_ field: Span<UInt8>, length: Int64) {
        guard length > 0, let specifications = Self.parse(field) else {
            self = .whole
            return
        }
        let parts = specifications.compactMap { $0.range(of: length) }
        if parts.isEmpty {
            self = .unsatisfiable
        } else {
            self = parts.count == 1 || Self.areReasonable(parts, length) ? .parts(parts) : .whole
        }
    }

    private enum Specification {
        /// From the first position to the last, both included; to the end where there is no last one.
        case from(Int64, Int64?)
        /// The last bytes.
        case last(Int64)

        /// Nil where the response has none of it.
        func range(of length: Int64) -> Range<Int64>? {
            switch self {
            case .from(let first, _) where first >= length: nil
            case .from(let first, let last): first..<min(length, (last ?? length - 1) &+ 1)
            case .last(0): nil
            case .last(let count): max(0, length - count)..<length
            }
        }
    }

    /// Nil for anything but a list of byte ranges, and for too long a one.
    private static func parse(_ field: Span<UInt8>) -> [Specification]? {
        guard let sign = field.firstIndex(of: 0x3D), field.extracting(first: sign).equalsIgnoringCase("bytes") else {
            return nil
        }
        var found: [Specification] = []
        var start = sign + 1
        while start <= field.count {
            let end = field.firstIndex(of: 0x2C, from: start) ?? field.count
            let element = trimmed(field.extracting(start..<end))
            start = end + 1
            // Lists may have empty elements (RFC 9110, 5.6.1).
            guard !element.isEmpty else { continue }
            guard found.count < maximumCount, let specification = specification(element) else { return nil }
            found.append(specification)
        }
        return found.isEmpty ? nil : found
    }

    private static func specification(_ element: Span<UInt8>) -> Specification? {
        guard let dash = element.firstIndex(of: 0x2D) else { return nil }
        let behind = element.extracting(droppingFirst: dash + 1)
        guard dash > 0 else { return number(behind).map { .last($0) } }
        guard let first = number(element.extracting(first: dash)) else { return nil }
        guard !behind.isEmpty else { return .from(first, nil) }
        guard let last = number(behind), last >= first else { return nil }
        return .from(first, last)
    }

    /// Digits as a number; what is beyond any file counts as just that.
    private static func number(_ digits: Span<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for index in digits.indices {
            guard 0x30...0x39 ~= digits[index] else { return nil }
            value = value > limit ? limit : value * 10 + Int64(digits[index] - 0x30)
        }
        return min(value, limit)
    }

    private static let limit = Int64.max / 16

    @_lifetime(copy element)
    private static func trimmed(_ element: Span<UInt8>) -> Span<UInt8> {
        var (start, end) = (0, element.count)
        while start < end, element[start] == 0x20 || element[start] == 0x09 { start += 1 }
        while start < end, element[end - 1] == 0x20 || element[end - 1] == 0x09 { end -= 1 }
        return element.extracting(start..<end)
    }

    private static func areReasonable(_ parts: [Range<Int64>], _ length: Int64) -> Bool {
        guard parts.reduce(0, { $0 + Int64($1.count) }) <= length else { return false }
        let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
        var (end, overlapping) = (Int64(0), 0)
        for part in sorted {
            if part.lowerBound < end { overlapping += 1 }
            end = max(end, part.upperBound)
        }
        return overlapping <= 1
    }
}
