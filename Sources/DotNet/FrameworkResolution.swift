internal import Platform

/// What an application would run on here.
public enum FrameworkResolution: Equatable, Sendable {
    public struct Framework: Hashable, Sendable {
        public let name: String
        public let version: FrameworkVersion
    }

    /// On these, the application's own first.
    case frameworks([Framework])
    /// On what it brings along.
    case own
    /// Not at all: a sentence that says what it wants and what is there.
    case refused(String)
    /// Nobody can tell from files.
    case unknown

    /// - Parameter environment: of the application's process (`DOTNET_ROLL_FORWARD` and others).
    public static func of(
        _ application: PublishedApplication, on installation: DotNetInstallation?,
        environment: (_ name: String) -> String?
    ) -> FrameworkResolution {
        if let obstacle = application.obstacle { return .refused(obstacle) }
        guard application.form == .frameworkDependent, let configuration = application.configuration else {
            return application.form == .selfContained ? .own : .unknown
        }
        guard let installation else {
            return .refused(
                "\(application.name) wants \(wishes(configuration)), and no .NET is found on this machine (looked in "
                    + "\(DotNetInstallation.places)). \(remedy(configuration.frameworks))")
        }
        guard installation.isKnown else { return .unknown }
        if let reason = mismatch(application, installation) { return .refused(reason) }
        var resolver = Resolver(
            installation: installation, overriding: environment("DOTNET_ROLL_FORWARD").flatMap { RollForward($0) },
            previews: environment("DOTNET_ROLL_FORWARD_TO_PRERELEASE") == "1")
        do throws(Resolver.Failure) {
            return .frameworks(try resolver.resolve(configuration.frameworks))
        } catch {
            switch error {
            case .missing(let demand): return .refused(missing(demand, application, configuration, installation))
            case .incompatible(let one, let other):
                return .refused(
                    "\(application.name) wants \(one.name) \(one.version) and \(other.version), of which neither will do "
                        + "for the other")
            case .unreadable(let text): return .refused("A framework in \(installation.root) cannot be read: \(text)")
            case .again: return .unknown
            }
        }
    }

    private static func mismatch(_ application: PublishedApplication, _ installation: DotNetInstallation) -> String? {
        let (one, other) = (application.architecture, installation.architecture)
        guard one != other, ![one, other].contains(where: { $0 == .any || $0 == .unknown }) else { return nil }
        return
            "\(application.assembly ?? application.name) is built for \(one), and \(installation.program) is \(other); "
            + "publish it for \(other) or for any (500.32)"
    }

    /// For example `Microsoft.AspNetCore.App 10.0.0 (net10.0)`.
    private static func wishes(_ configuration: RuntimeConfiguration) -> String {
        // ASP.NET Core brings the other.
        let named =
            configuration.frameworks.filter { $0.name != FrameworkReference.core }.isEmpty
            ? configuration.frameworks : configuration.frameworks.filter { $0.name != FrameworkReference.core }
        let target = configuration.targetFramework.isEmpty ? "" : " (\(configuration.targetFramework))"
        return named.map { "\($0.name) \($0.version)" }.joined(separator: " and ") + target
    }

    private static func missing(
        _ demand: FrameworkDemand, _ application: PublishedApplication, _ configuration: RuntimeConfiguration,
        _ installation: DotNetInstallation
    ) -> String {
        let target = configuration.targetFramework.isEmpty ? "" : " (\(configuration.targetFramework))"
        let there = installation.frameworks[demand.name].map { versions in
            versions.map(\.description).joined(separator: ", ")
        }
        return
            "\(application.name) wants \(demand.name) \(demand.version)\(reach(demand))\(target); \(installation.root) has "
            + (there.map { "\($0) of it" } ?? "none of it") + ". \(remedy(configuration.frameworks))"
    }

    private static func reach(_ demand: FrameworkDemand) -> String {
        switch demand.reach {
        case .exact: " and no other"
        case .patch: " or a later \(demand.version.major).\(demand.version.minor)"
        case .minor: " or a later \(demand.version.major)"
        case .major: " or later"
        }
    }

    private static func remedy(_ references: [FrameworkReference]) -> String {
        let reference =
            references.first { $0.name == FrameworkReference.aspNetCore }
            ?? references.first { $0.name == FrameworkReference.core }
        guard let reference else { return "That framework is not one that Linux distributions have" }
        let version = "\(reference.version.major).\(reference.version.minor)"
        return reference.name == FrameworkReference.aspNetCore
            ? "Install the ASP.NET Core Runtime \(version) (package aspnetcore-runtime-\(version))"
            : "Install the .NET Runtime \(version) (package dotnet-runtime-\(version))"
    }
}
