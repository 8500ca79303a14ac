public import Configuration
public import HostModel

/// What would be wrong with a text of the server's file that is not wrong with the one in force.
public struct ChangeCheck: Sendable {
    /// Mistakes that the configuration in force does not have; sites and pools with one are quarantined.
    public let errors: [Problem]
    public let warnings: [Problem]

    /// Throws where `new` is no configuration at all. `old`: what the file holds; nil or unreadable counts as empty.
    public init(replacing old: [UInt8]?, with new: [UInt8], path: String, state: String) throws(ConfigurationError) {
        let after = Self.problems(in: try ServerConfiguration.reading(new, as: path, state: state))
        let before = old.flatMap { try? ServerConfiguration.reading($0, as: path, state: state) }
        let news = after.news(since: before.map(Self.problems) ?? [], saying: Self.saying)
        errors = news.filter { $0.severity == .error }
        warnings = news.filter { $0.severity == .warning }
    }

    private static func problems(in server: ServerConfiguration) -> [Problem] {
        let model = HostModel.build(server)
        let known = Set(model.problems)
        return model.problems + server.problems().map { Problem($0) }.filter { !known.contains($0) }
    }

    private static func saying(_ problem: Problem) -> [String] {
        [problem.severity.rawValue, problem.object, problem.message]
    }
}
