internal import Configuration
internal import ConfigurationStore
internal import HostModel
internal import Platform

/// The configuration and what applications set.
extension Gathering {
    private struct Reading: Sendable {
        let problems: [Problem]
        let settings: [Picture.Setting]
        var applications: [PublishedApplications.Remark] = []
    }

    mutating func lookAtConfiguration(_ model: HostModel, sites: [Site], silent: [String]) {
        let isRemote = sites.contains { site in
            site.applications.contains { application in
                application.virtualDirectories.contains { directory in
                    silent.contains { MountPoints.holds($0, directory.physicalPath) }
                }
            }
        }
        let isWhole = sites.count == model.sites.count
        let names = Set(sites.map(\.name))
        picture.siteFolders = Self.folders(of: model)
        let seen = picture
        if isRemote {
            miss("web.config files", "a file system does not answer")
        } else if let reading = bounded("web.config files", { Self.read(model, seen, isWhole ? nil : names) }) {
            picture.problems = reading.problems
            picture.settings = reading.settings
            picture.applications = reading.applications
            return lookAtPools(model, sites)
        }
        picture.problems = model.problems
        lookAtPools(model, sites)
    }

    private static func folders(of model: HostModel) -> [Picture.SiteFolder] {
        model.sites.flatMap { site in
            site.applications.flatMap { application in
                application.virtualDirectories.filter { !VirtualDirectory.isWindowsPath($0.physicalPath) }.map {
                    let path = "\(application.path)/\($0.path)".split(separator: "/").map(String.init)
                    let end = $0.physicalPath.utf8.last == UInt8(ascii: "/") ? 1 : 0
                    return Picture.SiteFolder(
                        name: ([site.name] + path).joined(separator: "/"),
                        path: String($0.physicalPath.dropLast(end)))
                }
            }
        }
    }

    private static func read(_ model: HostModel, _ picture: Picture, _ only: Set<String>?) -> Reading {
        guard let server = try? server(picture) else { return Reading(problems: [], settings: []) }
        var problems: [Problem]
        if let only {
            let objects = only.flatMap { ["site \"\($0)\"", "application \"\($0)/"] }
            problems = model.problems.filter { problem in objects.contains { problem.object.hasPrefix($0) } }
        } else {
            problems = ConfigurationCheck.problems(of: server)
        }
        let system = ConfigurationSystem(server: server, layout: model.layouts())
        let publicSites = Set(picture.sites.filter(\.isPublic).map(\.name))
        var settings: [Picture.Setting] = []
        for site in model.sites where !site.isQuarantined && only?.contains(site.name) != false {
            let isPublic = publicSites.contains(site.name)
            for application in site.applications where application.quarantine.isEmpty {
                let path = ConfigurationPath(site: site.name, path: application.path)
                do throws(ConfigurationError) {
                    let configuration = try system.configuration(at: path)
                    let name = application.path == "/" ? site.name : site.name + application.path
                    settings += Self.settings(configuration, site: site.name, path: name, isPublic: isPublic)
                } catch {
                    if only != nil { problems.append(Problem(error, object: "site \"\(site.name)\"")) }
                }
            }
        }
        return Reading(
            problems: problems, settings: settings,
            applications: PublishedApplications.remarks(in: server, sites: { only?.contains($0) != false }))
    }

    private static func settings(
        _ configuration: PathConfiguration, site: String, path: String, isPublic: Bool
    ) -> [Picture.Setting] {
        var found: [Picture.Setting] = []
        func add(_ kind: Picture.Setting.Kind, _ source: Provenance) {
            guard let file = source.file, !source.isBuiltIn else { return }
            found.append(
                Picture.Setting(
                    kind, site: site, path: path, file: file, line: source.line,
                    isDelegated: file.lowercased().hasSuffix("/web.config")))
        }
        if let core = try? configuration.section("system.webServer/aspNetCore"), core.isWritten {
            let count = core.integer("processesPerApplication")
            if count > 1 { add(.processes(count), core.source("processesPerApplication")) }
            for item in core.element("handlerSettings").items
            where item.string("name").lowercased() == "debugfile" && !item.string("value").isEmpty {
                add(.debugFile, item.source)
            }
            for item in core.element("environmentVariables").items
            where isPublic && item.string("name") == "ASPNETCORE_ENVIRONMENT"
                && item.string("value").lowercased() == "development"
            {
                add(.development, item.source("value"))
            }
        }
        if isPublic, let errors = try? configuration.section("system.webServer/httpErrors"), errors.isWritten,
            errors.member("errorMode") == "Detailed"
        {
            add(.detailedErrors, errors.source("errorMode"))
        }
        return found
    }

    private mutating func lookAtPools(_ model: HostModel, _ sites: [Site]) {
        let development = Set(
            model.pools.filter { pool in
                pool.environmentVariables.contains {
                    $0.name == "ASPNETCORE_ENVIRONMENT" && $0.value.lowercased() == "development"
                }
            }.map { $0.name.lowercased() })
        guard !development.isEmpty else { return }
        let isPublic = Set(picture.sites.filter(\.isPublic).map(\.name))
        var told: Set<String> = []
        for site in sites where isPublic.contains(site.name) {
            for application in site.applications
            where development.contains(application.pool.lowercased())
                && told.insert(application.pool.lowercased()).inserted
            {
                picture.developmentPools.append((application.pool, site.name))
            }
        }
    }

    mutating func lookAtSecrets() {
        do {
            picture.clearSecrets = try SecretRewriting.values(beside: picture.configuration).filter(\.isClear).map(
                \.place)
        } catch {
            // What of the files is broken is told as their problem.
            if (error as? FileError)?.cause?.reasonClass == .denied { miss("secrets", "\(error)") }
        }
    }
}
