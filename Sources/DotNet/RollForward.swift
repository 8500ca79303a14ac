/// How far from the version that an application wants another one may be (`rollForward`; documentation of .NET, "Select
/// which .NET version to use"). Default `minor`.
public enum RollForward: String, CaseIterable, Sendable {
    /// That version and no other.
    case disable = "Disable"
    /// The highest patch of the wanted minor version.
    case latestPatch = "LatestPatch"
    /// Where the wanted minor version is missing, the next one that is there.
    case minor = "Minor"
    /// The highest minor version of the wanted major version.
    case latestMinor = "LatestMinor"
    /// Where the wanted major version is missing, the next one that is there.
    case major = "Major"
    /// The highest version of all.
    case latestMajor = "LatestMajor"

    /// In any case of letters; nil for anything else.
    public init?(_ text: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            return nil
        }
        self = known
    }

    /// `rollForwardOnNoCandidateFx`, which `rollForward` has replaced.
    init?(onNoCandidate number: Int64) {
        switch number {
        case 0: self = .latestPatch
        case 1: self = .minor
        case 2: self = .major
        default: return nil
        }
    }

    /// What may differ, from nothing upwards.
    enum Reach: Comparable, Sendable {
        case exact, patch, minor, major
    }

    var reach: Reach {
        switch self {
        case .disable: .exact
        case .latestPatch: .patch
        case .minor, .latestMinor: .minor
        case .major, .latestMajor: .major
        }
    }

    /// Whether the highest version within reach is taken instead of the nearest.
    var takesHighest: Bool { self == .latestMinor || self == .latestMajor }
}
