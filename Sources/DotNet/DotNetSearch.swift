/// Finds installations, each once: for whoever looks at many applications.
public final class DotNetSearch {
    private let system: String
    /// By the variables that say where it is.
    private var known: [[String?]: DotNetInstallation?] = [:]

    /// - Parameter system: what stands before the paths of the system's files.
    public init(system: String = "") { self.system = system }

    /// As `DotNetInstallation.find`. Waits for the disk.
    public func find(environment: (_ name: String) -> String?) -> DotNetInstallation? {
        let place = DotNetInstallation.variables.map(environment)
        if let installation = known[place] { return installation }
        let installation = DotNetInstallation.find(environment: environment, system: system)
        known[place] = .some(installation)
        return installation
    }
}
