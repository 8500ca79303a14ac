/// A version as frameworks and hosts have it: `10.0.12`, `8.0.0-preview.4`.
public struct FrameworkVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let patch: Int
    /// What follows the hyphen; empty for a release.
    public let prerelease: String

    /// Nil where the text is no version.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Self.number($0) }
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else {
            return nil
        }
        self.major = major
        self.minor = minor
        self.patch = patch
        prerelease = parts.count > 1 ? String(parts[1]) : ""
    }

    /// Digits and nothing else.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(text) : nil
    }

    public var isPrerelease: Bool { !prerelease.isEmpty }

    public var description: String { "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-\(prerelease)") }

    /// By semantic versioning's rules: a release comes behind its previews.
    public static func < (left: FrameworkVersion, right: FrameworkVersion) -> Bool {
        let (one, two) = ([left.major, left.minor, left.patch], [right.major, right.minor, right.patch])
        guard one == two else { return one.lexicographicallyPrecedes(two) }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        return precedes(left.prerelease.split(separator: "."), right.prerelease.split(separator: "."))
    }

    private static func precedes(_ left: [Substring], _ right: [Substring]) -> Bool {
        for (one, two) in zip(left, right) where one != two {
            switch (number(one), number(two)) {
            case (let one?, let two?): return one < two
            case (nil, nil): return one < two
            case (let one, _): return one != nil
            }
        }
        return left.count < right.count
    }
}
