internal import Configuration

/// What a configuration states and this server reads without doing anything about it: warnings of the check.
///
/// Each section's rules stand in a file of their own, `InertSettings+….swift`, and are listed in `rules`.
enum InertSettings {
    struct Finding {
        let source: Provenance
        let message: String
    }

    struct Rule: Sendable {
        let section: String
        /// What the section says in vain at one place.
        let findings: @Sendable (Element) -> [Finding]
    }

    static let rules: [Rule] =
        accessRules + errorRules + compressionRules + pipelineRules + sectionRules + backendRules

    /// The findings at one place that some file says, and not the configuration that is part of the program.
    static func problems(at configuration: PathConfiguration, object: String) -> [Problem] {
        rules.flatMap { rule in problems(rule, at: configuration, object: object) }
            + BackendCheck.problems(at: configuration, object: object)
    }

    /// The same for one section.
    static func problems(of section: String, at configuration: PathConfiguration, object: String) -> [Problem] {
        rules.filter { $0.section == section }.flatMap { problems($0, at: configuration, object: object) }
    }

    private static func problems(
        _ rule: Rule, at configuration: PathConfiguration, object: String
    ) -> [Problem] {
        // What cannot be read has been told as an error.
        guard let section = try? configuration.section(rule.section), section.isWritten else { return [] }
        return rule.findings(section).filter { $0.source.file != nil && !$0.source.isBuiltIn }.map {
            Problem(.warning, at: $0.source, object: object, $0.message)
        }
    }
}

extension Element {
    /// A finding for each of the attributes that some file writes with another value than the schema's.
    func inert(_ attributes: [(name: String, why: String)]) -> [InertSettings.Finding] {
        attributes.compactMap { attribute in
            guard isSet(attribute.name), let known = schema.attribute(attribute.name),
                value(attribute.name) != known.defaultValue
            else { return nil }
            return inert(attribute.name, attribute.why)
        }
    }

    /// A finding for one attribute.
    func inert(_ attribute: String, _ why: String) -> InertSettings.Finding {
        InertSettings.Finding(source: source(attribute), message: "'\(attribute)' has no effect here: \(why)")
    }
}
