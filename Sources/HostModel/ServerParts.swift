/// The parts of IIS that are told of by name, as `hostelry --version` does.
public enum ServerParts {
    /// Whether this version runs ASP.NET Core applications: false as long as their section has no effect.
    public static let hasAspNetCoreModule = !InertSettings.unreadSections.contains { $0.name == "aspNetCore" }
}
