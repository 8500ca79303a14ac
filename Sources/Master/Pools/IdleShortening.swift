/// By how much memory that is scarce shortens idle time-outs (`dynamicIdleThreshold`; IIS: halved once for each twentieth
/// of what may be committed, from four fifths on).
enum IdleShortening {
    /// What the time-outs are divided by.
    ///
    /// - Parameters:
    ///   - threshold: the percentage of `physical` that may be committed; 0: any.
    ///   - committed: Unit: bytes.
    ///   - physical: Unit: bytes.
    static func divisor(threshold: UInt32, committed: UInt64, physical: UInt64) -> UInt64 {
        guard threshold > 0, physical > 0 else { return 1 }
        let share = Double(committed) / (Double(physical) * Double(threshold) / 100)
        return switch share {
        case ..<0.8: 1
        case ..<0.85: 2
        case ..<0.9: 4
        case ..<0.95: 8
        case ..<1: 16
        default: 32
        }
    }
}
