/// The buckets that latencies are counted in: four of equal width between each power of two milliseconds and the next
/// (and down to 0.125 ms), so that a bucket tells a latency to a fifth; up to 65.536 s, beyond which they are one.
///
/// A bucket holds what is above its lower bound, up to and with its upper bound, so that the bounds can stand as they are
/// in OpenMetrics (`le`). Powers of two milliseconds are bounds: each ends in few decimal digits.
public enum LatencyScale {
    public static let count = 81
    /// The last bucket has no upper bound.
    private static let last = UInt64(count - 1)
    /// The width of the first eight buckets. Unit: nanoseconds.
    private static let unit: UInt64 = 31_250

    /// The bucket of a latency in nanoseconds.
    @inline(__always)
    public static func bucket(_ nanoseconds: UInt64) -> Int {
        let units = (max(nanoseconds, 1) - 1) / unit
        guard units >= 4 else { return Int(units) }
        let exponent = UInt64(63 - units.leadingZeroBitCount)
        return Int(min(4 * (exponent - 1) + (units >> (exponent - 2)) & 3, last))
    }

    /// Unit: nanoseconds. Of the bucket in front of it that is the upper bound.
    public static func lowerBound(_ bucket: Int) -> UInt64 {
        let number = UInt64(bucket)
        return number < 4 ? number * unit : (4 + number & 3) << (number / 4 - 1) * unit
    }

    /// Unit: nanoseconds. Nil for the last one, which has none.
    public static func upperBound(_ bucket: Int) -> UInt64? { bucket < count - 1 ? lowerBound(bucket + 1) : nil }

    /// The bucket whose upper bound is 2 to the power of `exponent` milliseconds: from 0 to 16.
    public static func bucket(upToMillisecondsOfTwoToThe exponent: Int) -> Int { 15 + 4 * exponent }
}
