internal import CCrypto

/// Comparing what an attacker would like to learn byte by byte.
public enum ConstantTime {
    /// Takes a time that depends on the lengths alone.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && (unsafe hostelry_is_equal(left, right, left.count))
    }
}
