import Configuration

/// The modules that a directory's configuration needs and that are not here, for the administrator to be told of.
enum MissingModules {
    /// Sections that state something only where they have items, and the module that would do it.
    private static let rules = [
        (section: "system.webServer/rewrite/outboundRules", module: "RewriteModule"),
        (section: "system.webServer/rewrite/rules", module: "RewriteModule"),
    ]

    /// Every section that decides about it, besides those that the pipeline itself is made of.
    static let sectionNames = rules.map { $0.section }

    /// In the order of their finding, each once: what some file's `<modules>` names, what its `<handlers>` need, what
    /// its sections need. What only the program's own list states is not among them.
    static func names(
        _ configuration: PathConfiguration, _ list: ModuleList, available: Set<String>, _ traits: WorkerTraits
    ) throws(ConfigurationError) -> [String] {
        var names = list.unknown
        for entry in try configuration.section("system.webServer/handlers").items
        where !entry.source.isBuiltIn && traits.satisfy(entry.string("preCondition")) {
            for name in ASCII.list(entry.string("modules")) {
                if case .missing = list.availability(name) { names.append(name) }
            }
        }
        for rule in rules where !available.contains(rule.module) {
            guard let section = try configuration.declaredSection(rule.section) else { continue }
            if !section.items.isEmpty { names.append(rule.module) }
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
