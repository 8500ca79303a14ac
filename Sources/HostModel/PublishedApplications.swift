public import Configuration
internal import DotNet
internal import Platform

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
    /// By the variables that say where it is.
    private var installations: [[String?]: DotNetInstallation?] = [:]

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
            if let advice = PublishedApplication.unmappedAdvice(folder) {
                add(.unmapped, advice.text, advice.command.map { [$0] } ?? [])
            }
            return
        }
        guard modules.contains(where: { $0.hasPrefix("aspnetcoremodule") }),
            let section = try? configuration.section("system.webServer/aspNetCore"),
            let program = HostingReader.program(section, in: folder)
        else { return }
        if let text = inability(of: program, section, pool) { add(.unable, text) }
    }

    /// Why what a section starts does not run here; nil where it does, or where nobody can tell.
    private mutating func inability(of program: String, _ section: Element, _ pool: ApplicationPool) -> String? {
        let (folder, name) = Self.split(program)
        let variables = section.element("environmentVariables").items
        let environment = { (wanted: String) -> String? in
            variables.last { $0.string("name") == wanted }?.string("value") ?? pool.variable(wanted)
        }
        let place = ["PATH", "DOTNET_ROOT"].map(environment)
        let installation: DotNetInstallation?
        if let known = installations[place] {
            installation = known
        } else {
            installation = DotNetInstallation.find(environment: environment)
            installations[place] = .some(installation)
        }
        do throws(UnreadableFiles) {
            guard let application = try PublishedApplication.inspect(folder, named: name),
                case .refused(let text) = FrameworkResolution.of(
                    application, on: installation, environment: environment)
            else { return nil }
            return text
        } catch {
            return error.text
        }
    }

    /// The folder and the name by which an application is known there.
    private static func split(_ program: String) -> (folder: String, name: String) {
        let slash = program.lastIndex(of: "/") ?? program.startIndex
        let name = program[slash...].drop { $0 == "/" }
        let isProgram = name.lowercased().hasSuffix(".exe")
        return (FilePath.trimmed(String(program[..<slash])), String(isProgram ? name.dropLast(4) : name))
    }
}
