internal import Administration
internal import Configuration
internal import ConfigurationStore
internal import Events
internal import HostModel
internal import Platform

/// Finds out about a server, as whoever calls, each part within a time: a file system that does not answer is told, and
/// everything else is looked at.
public struct Gathering {
    /// For what asks the machine's own memory and disks. Files of ten thousand sites on a cold disk need it.
    private static let patience = Duration.seconds(20)
    /// For a file system that may be another machine's.
    static let shortPatience = Duration.seconds(1)
    /// Unit: milliseconds.
    private static let serverPatience: Int32 = 2000

    var picture: Picture
    /// Nil: all.
    private let site: String?
    private let progress: (String) -> Void

    /// - Parameters:
    ///   - site: looks at it, its pools and its folders alone.
    ///   - progress: told what is looked at next.
    public init(
        configuration: String, state: String, configurationOption: String, stateOption: String, version: String,
        site: String?, progress: @escaping (String) -> Void
    ) {
        picture = Picture(configuration: configuration, state: state)
        picture.configurationOption = configurationOption
        picture.stateOption = stateOption
        picture.version = version
        picture.caller = CurrentProcess.user
        // A pool that has never run may be given another number than the one that is free now.
        picture.setfacl =
            FileFacts.mayRead("/usr/bin/setfacl", folder: false)
            && FileFacts.mayRead("\(state)/pool-users", folder: false)
        self.site = site
        self.progress = progress
    }

    /// No site has the name that was given.
    public struct UnknownSite: Error {}

    /// Everything that can be found out.
    public mutating func run() throws(UnknownSite) -> Picture {
        progress("the running server")
        askServer()
        progress("the configuration")
        if let read = bounded("the configuration", { [picture] in Self.read(picture) }) {
            switch read {
            case .success(let model): try look(at: model)
            case .failure(let error): picture.problems = [Problem(error)]
            }
        }
        progress("events")
        lookAtEvents()
        progress("the machine")
        lookAtProcesses()
        lookAtMachine()
        if site != nil { keepToSite() }
        return picture
    }

    private mutating func look(at whole: HostModel) throws(UnknownSite) {
        let known = whole.sites.filter { site == nil || $0.name.lowercased() == site?.lowercased() }
        guard site == nil || !known.isEmpty else { throw UnknownSite() }
        picture.configuration = (try? FileInForce.of(picture.configuration).path) ?? picture.configuration
        picture.sites = known.map { site in
            Picture.Site(
                name: site.name, startsByItself: site.serverAutoStart,
                isPublic: site.bindings.contains(where: \.isPublic))
        }
        picture.bindings = known.filter { !$0.isQuarantined && $0.serverAutoStart }.flatMap { site in
            site.bindings.filter(\.isHTTP).map {
                Picture.Binding(
                    site: site.name, text: "\($0.protocol)/\($0.information)", address: $0.address, port: $0.port)
            }
        }
        picture.poolCount = whole.pools.count
        picture.folderCount = whole.sites.reduce(0) { sum, site in
            sum + site.applications.reduce(0) { $0 + $1.virtualDirectories.count }
        }
        lookAtListeners()
        progress("the folders of sites")
        let silent = lookAtContent(of: known, in: whole)
        progress("web.config files")
        lookAtConfiguration(whole, sites: known, silent: silent)
        progress("logs")
        lookAtLogs(of: known, in: whole)
        lookAtOwnFiles()
        lookAtSecrets()
    }

    private static func read(_ picture: Picture) -> Result<HostModel, ConfigurationError> {
        Result { () throws(ConfigurationError) in HostModel.build(try server(picture)) }
    }

    static func server(_ picture: Picture) throws(ConfigurationError) -> ServerConfiguration {
        try FileInForce.of(picture.configuration).read(variables: ["HOSTELRY_STATE": picture.state])
    }

    /// Does it within a time; nil where it takes longer, which is written down.
    mutating func bounded<Outcome: Sendable>(
        _ what: String, limit: Duration = patience, _ body: @escaping @Sendable () -> Outcome
    ) -> Outcome? {
        do throws(SystemError) {
            if let outcome = try BoundedCall.run(limit: limit, body) { return outcome }
            miss(what, "it took longer than \(limit.components.seconds) s")
        } catch {
            miss(what, "\(error)")
        }
        return nil
    }

    mutating func miss(_ what: String, _ why: String) { picture.unseen.append(Picture.Unseen(what: what, why: why)) }

    // MARK: The server

    private mutating func askServer() {
        do throws(ControlClient.Failure) {
            let client = try ControlClient(stateFolder: picture.state, patience: Self.serverPatience)
            guard case .done(let members) = try client.ask(.status), let status = ServerStatus(members) else {
                return miss("the running server", "its answer is not understood")
            }
            picture.server = status
        } catch .notRunning {
            return
        } catch .denied {
            miss("the running server", "it is another user's: ask as that user or as root")
        } catch {
            miss("the running server", "it does not answer")
        }
    }

    private mutating func lookAtProcesses() {
        guard let server = picture.server else { return }
        var all = [("master", server.process.pid)]
        if let router = server.router.process { all.append(("router", router.pid)) }
        for worker in server.pools.flatMap(\.workers) {
            if let process = worker.process { all.append(("worker", process.pid)) }
        }
        picture.processes = all.map { role, pid in
            let process = ObservedProcess(pid)
            return Picture.Process(
                role: role, pid: pid, isReplaced: process.program?.isReplaced ?? false,
                openFiles: role == "worker" ? nil : process.openFilesLimit)
        }
        let master = ObservedProcess(server.process.pid)
        guard let path = master.controlGroup else { return }
        func limit(_ used: String, _ most: String) -> (used: UInt64, limit: UInt64)? {
            let folder = "/sys/fs/cgroup\(path == "/" ? "" : path)"
            guard let limit = KernelText.number("\(folder)/\(most)"), let used = KernelText.number("\(folder)/\(used)")
            else { return nil }
            return (used, limit)
        }
        picture.group = Picture.Group(
            service: ObservedProcess.service(ofGroup: path), memory: limit("memory.current", "memory.max"),
            processes: limit("pids.current", "pids.max"))
    }

    /// What is no business of one site is left out.
    private mutating func keepToSite() {
        let names = Set(picture.sites.map { $0.name.lowercased() })
        let pools = Set(picture.content.map { $0.pool.lowercased() }).union(sitePools)
        picture.server?.sites.removeAll { !names.contains($0.name.lowercased()) }
        picture.server?.pools.removeAll { !pools.contains($0.name.lowercased()) }
        picture.events.removeAll { record in
            EventObject.poolName(of: record.event.object).map { !pools.contains($0.lowercased()) } ?? true
        }
        picture.files = []
        picture.clearSecrets = []
        picture.processes = []
        picture.group = Picture.Group()
        (picture.watches, picture.watchInstances) = (nil, nil)
    }

    /// The pools of the site that is looked at, in lower case.
    var sitePools: Set<String> = []
}

extension Binding {
    /// Whether other machines reach it.
    fileprivate var isPublic: Bool {
        switch address {
        case nil: true
        case .v4(let number): number >> 24 != 127
        case .v6(let high, let low): !(high == 0 && low == 1)
        }
    }
}
