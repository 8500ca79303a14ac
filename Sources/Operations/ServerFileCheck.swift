public import Configuration

/// Looks at the server's file as a change would leave it, before it is written.
public enum ServerFileCheck {
    /// The server with the file that the change makes. Throws the first mistake in the file's structure or in `sections`
    /// that the file as it is does not have: a duplicate, a value that is none, what the schema does not know.
    @discardableResult
    public static func verify(
        _ server: ServerConfiguration, changedTo document: Document, in sections: Set<String>
    ) throws(OperationError) -> ServerConfiguration {
        let changed: ServerConfiguration
        do throws(ConfigurationError) {
            changed = try server.replacing(document)
        } catch {
            throw .configuration(error)
        }
        let problems = changed.file.problems + changed.problems(in: sections)
        guard !problems.isEmpty else { return changed }
        let before = server.file.problems + server.problems(in: sections)
        if let problem = problems.news(since: before, saying: \.message).first { throw .configuration(problem) }
        return changed
    }
}
