/// What is asked of one framework by all that refer to it, and which of the installed versions meets it
/// (dotnet/runtime, docs/design/features/framework-version-resolution.md).
struct FrameworkDemand: Equatable {
    let name: String
    let version: FrameworkVersion
    private(set) var reach: RollForward.Reach
    private(set) var takesHighest: Bool
    let appliesPatches: Bool
    /// A release is run on a release wherever one is within reach.
    private(set) var prefersRelease: Bool

    /// - Parameter overriding: what `DOTNET_ROLL_FORWARD` says.
    /// - Parameter previews: whether previews count as releases do (`DOTNET_ROLL_FORWARD_TO_PRERELEASE=1`).
    init(_ reference: FrameworkReference, overriding: RollForward?, previews: Bool, takesHighest: Bool) {
        name = reference.name
        version = reference.version
        let rollForward = overriding ?? reference.rollForward
        reach = rollForward.reach
        self.takesHighest = rollForward.takesHighest || takesHighest
        appliesPatches = reference.appliesPatches
        prefersRelease = !reference.version.isPrerelease && !previews
    }

    /// The stricter of both at the higher version; nil where they cannot both be met.
    func reconciled(with other: FrameworkDemand) -> FrameworkDemand? {
        let (lower, higher) = version < other.version ? (self, other) : (other, self)
        guard lower.admits(higher.version) else { return nil }
        var both = higher
        both.reach = min(lower.reach, higher.reach)
        both.takesHighest = lower.takesHighest || higher.takesHighest
        both.prefersRelease = lower.prefersRelease || higher.prefersRelease
        return both
    }

    /// Whether `other`, which is not lower, is within reach.
    private func admits(_ other: FrameworkVersion) -> Bool {
        guard other != version else { return true }
        if other.major != version.major { return reach >= .major }
        if other.minor != version.minor { return reach >= .minor }
        return reach > .exact
    }

    /// The version that .NET's host takes of those that are there.
    func choice(of installed: [FrameworkVersion]) -> FrameworkVersion? {
        guard reach > .exact, reach > .patch || appliesPatches || version.isPrerelease else {
            return installed.first { $0 == version }
        }
        if prefersRelease, let release = best(of: installed.filter { !$0.isPrerelease }) { return release }
        return best(of: installed)
    }

    private func best(of installed: [FrameworkVersion]) -> FrameworkVersion? {
        let candidates = installed.filter { $0 >= version && admits($0) }
        let highest = takesHighest && reach > .patch
        guard let start = highest ? candidates.max() : candidates.min() else { return nil }
        // A preview is taken as it is: the next one may break what this one keeps.
        guard !start.isPrerelease else { return start }
        let patches = installed.filter {
            ($0.major, $0.minor) == (start.major, start.minor) && $0 >= start
                && (appliesPatches || $0.patch == start.patch)
        }
        return patches.max() ?? start
    }
}
