public import Configuration
internal import DotNet
internal import Platform
internal import Programs

/// Applications of .NET in a server's sites that do not run, or that nothing hands requests to.
public struct PublishedApplications {
    public struct Remark: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// No handler hands requests to it.
            case unmapped
            /// What it needs is not there.
            case unable
        }

        public let kind: Kind
        public let site: String
        /// For example `Default Web Site/shop`.
        public let application: String
        public let folder: String
        /// Of the server's file.
        public let line: SourceLine
        public let text: String
        /// For a shell; empty where a person has to decide what to do.
        public let commands: [String]

        /// As `check` tells it.
        public func problem(in file: String) -> Problem {
            Problem(.warning, file: file, line: line.number, object: "application \"\(application)\"", text)
        }
    }

    private static let programs: Set = ["aspnetcoremodule", "aspnetcoremodulev2", "httpplatformhandler"]

    private let system: ConfigurationSystem
    private let pools: [String: ApplicationPool]
    private var remarks: [Remark] = []
    private let installations = DotNetSearch()

    /// Reads the folders of all applications, or of those of some sites. Waits for disks.
    public static func remarks(
        in server: ServerConfiguration, sites only: (String) -> Bool = { _ in true }
    ) -> [Remark] {
        let model = HostModel.build(server)
        var search = PublishedApplications(
            system: ConfigurationSystem(server: server, layout: model.layouts()), pools: model.poolsByName())
        for site in model.sites where !site.isQuarantined && only(site.name) {
            for application in site.applications where application.quarantine.isEmpty {
                search.look(at: application, of: site)
            }
        }
        return search.remarks
    }

    private init(system: ConfigurationSystem, pools: [String: ApplicationPool]) {
        self.system = system
        self.pools = pools
    }

    private mutating func look(at application: Application, of site: Site) {
        // What cannot be read has been told as an error.
        guard let pool = pools[application.pool.lowercased()],
            let directory = application.virtualDirectories.first(where: { $0.path == "/" }),
            !VirtualDirectory.isWindowsPath(directory.physicalPath),
            let configuration = try? system.configuration(
                at: ConfigurationPath(site: site.name, path: application.path)),
            let handlers = try? configuration.section("system.webServer/handlers")
        else { return }
        let folder = FilePath.trimmed(directory.physicalPath)
        func add(_ kind: Remark.Kind, _ text: String, _ commands: [String] = []) {
            remarks.append(
                Remark(
                    kind: kind, site: site.name, application: site.name + application.path, folder: folder,
                    line: application.line, text: text, commands: commands))
        }
        let modules = handlers.items.map { $0.string("modules").lowercased() }
        guard modules.contains(where: Self.programs.contains) else {
            if let advice = PublishedApplication.unmappedAdvice(
                folder, documents: DefaultDocuments.names(in: configuration))
            {
                add(.unmapped, advice.text, advice.command.map { [$0] } ?? [])
            }
            return
        }
        guard modules.contains(where: { $0.hasPrefix("aspnetcoremodule") }),
            let section = try? configuration.section("system.webServer/aspNetCore")
        else { return }
        let program = SectionProgram(section: section, folder: folder, pool: pool, installations: installations)
        if let text = inability(of: program) { add(.unable, text) }
    }

    /// Why what a section starts does not run here; nil where it does, or where nobody can tell.
    private func inability(of program: SectionProgram) -> String? {
        do throws(LaunchFailure) {
            _ = try program.find(refuses: true)
            return nil
        } catch {
            return error.text.hasSuffix(".") ? String(error.text.dropLast()) : error.text
        }
    }
}
