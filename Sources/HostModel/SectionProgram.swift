internal import Configuration
internal import DotNet
internal import Programs

/// The program of an `aspNetCore` section, found as a worker of its pool would find it.
struct SectionProgram {
    let section: Element
    /// The application's.
    let folder: String
    let pool: ApplicationPool
    let installations: DotNetSearch

    /// Variables of which only a worker knows what they say, beside what stands in the configuration.
    private static let ofWorkers = ["%home%", "%tmpdir%", "%user%", "%logname%"]

    /// Nil where only a worker can tell. Waits for the disk.
    func find(refuses: Bool) throws(LaunchFailure) -> FoundProgram? {
        let worker = pool.programVariables
        let command = ProgramCommand(
            BackendSection.text("processPath", of: section), BackendSection.text("arguments", of: section),
            overriding: worker, expansion: worker)
        let text = "\(command.processPath) \(command.arguments)".lowercased()
        guard !Self.ofWorkers.contains(where: text.contains) else { return nil }
        let own = section.element("environmentVariables").items
        return try ProgramFinder(
            folder: folder, environment: worker,
            variables: { name in
                let variable = own.last { $0.string("name").lowercased() == name.lowercased() }
                return variable.map { worker.expand($0.string("value")) } ?? worker[name]
            },
            installations: installations, refuses: refuses
        ).find(command)
    }
}
