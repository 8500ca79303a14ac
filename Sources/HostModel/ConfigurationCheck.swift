public import Configuration
internal import DotNet
internal import Platform

/// Everything that is wrong with a configuration, web.config files included, read as whoever calls.
public struct ConfigurationCheck {
    /// How many folders of one application are looked through for web.config files.
    private static let foldersLimit = 10_000

    private let model: HostModel
    private let system: ConfigurationSystem
    private let pools: [String: ApplicationPool]
    private var problems: [Problem]
    private var reported: Set<Problem> = []
    /// File, line and text of the warnings about what has no effect: sites inherit it from the server's file.
    private var warned: Set<String> = []

    /// All problems of the server's file and of the web.config files of its sites. `progress` is told each site's number.
    public static func problems(
        of server: ServerConfiguration, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) -> [Problem] {
        var check = ConfigurationCheck(server)
        for (index, site) in check.model.sites.enumerated() {
            progress(index, check.model.sites.count)
            if !site.isQuarantined { check.read(site) }
        }
        check.warnOfServer()
        check.readLocations()
        check.applyHostingRules()
        return check.problems
    }

    /// All problems of single web.config files, read as the root file of a site beneath the built-in configuration.
    public static func problems(ofWebConfig path: String) -> [Problem] {
        do throws(ConfigurationError) {
            let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
            let problems = try WebConfigFile.problems(of: path, below: server).map { Problem($0) }
            guard problems.isEmpty else { return problems }
            return InertSettings.problems(at: try WebConfigFile.configuration(of: path, below: server), object: "")
        } catch {
            return [Problem(error)]
        }
    }

    private init(_ server: ServerConfiguration) {
        model = HostModel.build(server)
        problems = model.problems
        pools = model.poolsByName()
        system = ConfigurationSystem(server: server, layout: model.layouts())
    }

    private mutating func add(_ problem: Problem) {
        // Several sites may share a folder and its file.
        if reported.insert(problem).inserted { problems.append(problem) }
    }

    private mutating func warn(_ problem: Problem) {
        if warned.insert("\(problem.file):\(problem.line.number) \(problem.message)").inserted { add(problem) }
    }

    private mutating func read(_ site: Site) {
        for application in site.applications {
            guard pools[application.pool.lowercased()]?.enableConfigurationOverride != false else { continue }
            for directory in application.virtualDirectories {
                guard !VirtualDirectory.isWindowsPath(directory.physicalPath) else { continue }
                let base = Self.join(application.path, directory.path)
                var folders = FolderWalk(
                    root: directory.physicalPath, deep: directory.allowSubDirConfig, limit: Self.foldersLimit)
                while let folder = folders.next() { readFile(of: site, at: Self.join(base, folder)) }
                if folders.isCut {
                    add(
                        Problem(
                            .warning, file: directory.physicalPath, line: 0, object: "site \"\(site.name)\"",
                            "More than \(Self.foldersLimit) folders; the web.config files of the others were not read"))
                }
            }
        }
    }

    /// What the server's file says in locations is put together with what stands above it.
    private mutating func readLocations() {
        let file = system.server.file
        let told = Set(problems.map { "\($0.line.number) \($0.message)" })
        for occurrence in file.occurrences where occurrence.location.path != nil {
            guard system.server.schema.section(occurrence.section) != nil else { continue }
            let path = ConfigurationPath(text: occurrence.location.path == "." ? "" : occurrence.location.path ?? "")
            do throws(ConfigurationError) {
                let configuration = try system.configuration(at: path)
                _ = try configuration.section(occurrence.section)
                let object = path.site.map { "site \"\($0)\"" } ?? ""
                for problem in InertSettings.problems(of: occurrence.section, at: configuration, object: object) {
                    warn(problem)
                }
            } catch {
                // What the element says by itself, and a site that is not there, has been told.
                let isOfPath = error.code == ConfigurationError.Code.unrecognizedPath.rawValue
                guard error.file == file.document.path, !isOfPath, !told.contains("\(error.line) \(error.text)") else {
                    continue
                }
                add(Problem(error))
            }
        }
    }

    private mutating func readFile(of site: Site, at path: String) {
        do throws(ConfigurationError) {
            for error in try system.problems(ofFileAt: ConfigurationPath(site: site.name, path: path)) {
                add(Problem(error))
            }
            let configuration = try system.configuration(at: ConfigurationPath(site: site.name, path: path))
            for problem in InertSettings.problems(at: configuration, object: "site \"\(site.name)\"") { warn(problem) }
        } catch {
            add(Problem(error, object: "site \"\(site.name)\""))
        }
    }

    /// What the server's own file says in vain for all sites.
    private mutating func warnOfServer() {
        guard let configuration = try? system.configuration(at: ConfigurationPath()) else { return }
        for problem in InertSettings.problems(at: configuration, object: "") { warn(problem) }
        let used = Set(model.sites.flatMap { $0.applications.map { $0.pool.lowercased() } })
        for problem in InertSettings.problems(ofPools: used, in: system.server) { warn(problem) }
    }

    /// Hosting models and architectures of the applications of each pool, in the file's order.
    private mutating func applyHostingRules() {
        var running: [String: [HostedApplication]] = [:]
        let installations = DotNetSearch()
        for site in model.sites where !site.isQuarantined {
            for application in site.applications {
                guard let pool = pools[application.pool.lowercased()] else { continue }
                let path = ConfigurationPath(site: site.name, path: application.path)
                let name = site.name + application.path
                // A file that cannot be read has been told already, and such an application does not start.
                guard let configuration = try? system.configuration(at: path),
                    let hosted = try? HostingReader.read(
                        configuration, name: name, pool: pool, installations: installations)
                else { continue }
                let others = running[pool.name.lowercased(), default: []]
                running[pool.name.lowercased(), default: []].append(hosted)
                checkMode(of: pool, configuration, "application \"\(name)\"")
                if let refusal = HostingRules.refusal(
                    of: hosted, after: others, enable32Bit: pool.enable32BitAppOnWin64)
                {
                    add(
                        Problem(
                            .error, file: system.server.file.document.path, line: application.line.number,
                            object: "application \"\(name)\"", refusal.text))
                }
            }
        }
    }

    /// What ConfigurationValidationModule will refuse.
    private mutating func checkMode(of pool: ApplicationPool, _ configuration: PathConfiguration, _ object: String) {
        guard !pool.managedRuntimeVersion.isEmpty, pool.managedPipelineMode != "Classic",
            let conflict = try? IntegratedModeConflict.first(at: configuration)
        else { return }
        add(
            Problem(
                .error, file: conflict.file, line: conflict.line, object: object,
                "\(conflict.text) does not apply in integrated mode: every request is answered with 500.\(conflict.subStatus)"
            ))
    }

    private static func join(_ base: String, _ path: String) -> String {
        if path == "/" || path.isEmpty { return base }
        return base == "/" ? path : base + path
    }
}
