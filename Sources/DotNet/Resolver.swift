/// Goes through the frameworks that an application wants and those that they want in turn, as .NET's host does: what is asked
/// of one framework by several is reconciled, and where that changes one that was chosen already, all begins again.
struct Resolver {
    enum Failure: Error {
        case missing(FrameworkDemand)
        case incompatible(FrameworkDemand, FrameworkDemand)
        case unreadable(String)
        /// A chosen framework is asked for in another way.
        case again
    }

    /// As often as .NET's host begins again.
    private static let attempts = 100

    private let installation: DotNetInstallation
    private let overriding: RollForward?
    private let previews: Bool
    private var effective: [String: FrameworkDemand] = [:]
    private var chosen: [FrameworkResolution.Framework] = []

    init(installation: DotNetInstallation, overriding: RollForward?, previews: Bool) {
        self.installation = installation
        self.overriding = overriding
        self.previews = previews
    }

    /// The chosen frameworks, in the order in which they were asked for.
    mutating func resolve(_ references: [FrameworkReference]) throws(Failure) -> [FrameworkResolution.Framework] {
        for _ in 0..<Self.attempts {
            chosen = []
            do throws(Failure) {
                try read(references, takesHighest: false)
                return chosen
            } catch .again {
                continue
            }
        }
        throw .again
    }

    private func demand(_ reference: FrameworkReference, takesHighest: Bool) -> FrameworkDemand {
        FrameworkDemand(reference, overriding: overriding, previews: previews, takesHighest: takesHighest)
    }

    /// Each framework is gone into once, so the depth is at most the number of those that are installed.
    private mutating func read(_ references: [FrameworkReference], takesHighest: Bool) throws(Failure) {
        for reference in references where effective[reference.name] == nil {
            effective[reference.name] = demand(reference, takesHighest: false)
        }
        for reference in references {
            let wanted = demand(reference, takesHighest: takesHighest)
            let before = effective[reference.name] ?? wanted
            guard let both = wanted.reconciled(with: before) else { throw .incompatible(before, wanted) }
            effective[reference.name] = both
            if chosen.contains(where: { $0.name == reference.name }) {
                if both != before { throw .again }
                continue
            }
            guard let version = both.choice(of: installation.frameworks[reference.name] ?? []) else {
                throw .missing(both)
            }
            chosen.append(FrameworkResolution.Framework(name: reference.name, version: version))
            let inner: RuntimeConfiguration?
            do throws(UnreadableFiles) {
                inner = try installation.configuration(of: reference.name, version)
            } catch {
                throw .unreadable(error.text)
            }
            if let inner { try read(inner.frameworks, takesHighest: both.takesHighest) }
        }
    }
}
