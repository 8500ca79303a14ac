internal import Administration
internal import Events
internal import HostModel
internal import Platform

/// Ports, logs, disks, events and limits.
extension Gathering {
    mutating func lookAtListeners() {
        guard let all = ObservedListener.all() else { return miss("ports", "/proc/net/tcp cannot be read") }
        let ports = Set(picture.bindings.map(\.port))
        var wanted = all.filter { ports.contains($0.port) }
        let failed = picture.server?.sites.contains { $0.bindings.contains { $0.failure != nil } } ?? false
        // Those of a server that has all of its own are its own.
        if picture.server != nil, !failed { wanted = [] }
        let holders = ObservedListener.holders(of: Set(wanted.map(\.inode)))
        let own = Set(
            [picture.server?.process.pid, picture.server?.router.process?.pid].compactMap(\.self))
        picture.listeners = wanted.compactMap { socket in
            guard let pid = holders[socket.inode] else { return Picture.Listener(socket: socket) }
            guard !own.contains(pid) else { return nil }
            let process = ObservedProcess(pid)
            return Picture.Listener(socket: socket, pid: pid, name: process.name, service: process.service)
        }
        picture.firstFreePort =
            KernelText.number("/proc/sys/net/ipv4/ip_unprivileged_port_start").map { UInt16(clamping: $0) } ?? 1024
        picture.mayHaveAllPorts = picture.caller == 0
    }

    mutating func lookAtLogs(of sites: [Site], in model: HostModel) {
        let own = "\(picture.state)/logs"
        var places: [(site: String, folder: String, neverRollsOver: Bool)] = []
        func neverRollsOver(_ log: LogFile) -> Bool { log.period == .maximumSize && log.truncateSize >= 4_294_967_295 }
        if let log = model.centralLog, log.isWritten {
            places.append(("", "\(log.folder ?? own)/W3SVC", neverRollsOver(log)))
        } else if model.centralLog == nil {
            for site in sites where site.log.isWritten {
                places.append((site.name, "\(site.log.folder ?? own)/W3SVC\(site.id)", neverRollsOver(site.log)))
            }
        }
        let (state, all) = (picture.state, places)
        let outcome = bounded("logs") { () -> (logs: [Picture.Log], disks: [Picture.Disk], denied: Int) in
            var denied = 0
            let logs = all.map { place in
                var log = Picture.Log(
                    site: place.site, folder: place.folder, size: 0, count: 0, neverRollsOver: place.neverRollsOver)
                do throws(FileError) {
                    for name in try Folder.names(in: place.folder) {
                        guard let facts = try? FileFacts.of("\(place.folder)/\(name)"), facts.kind == .regular else {
                            continue
                        }
                        log.size += UInt64(clamping: facts.size)
                        log.count += 1
                    }
                } catch {
                    if error.cause?.reasonClass == .denied { denied += 1 }
                }
                return log
            }
            let folders = [state] + Set(logs.map(\.folder)).sorted()
            let disks = folders.compactMap { folder in
                FileSystemSpace.of(folder).map { Picture.Disk(folder: folder, space: $0) }
            }
            return (logs, disks, denied)
        }
        guard let outcome else { return }
        picture.logs = outcome.logs
        picture.disks = outcome.disks
        if outcome.denied > 0 { miss("the logs of \(outcome.denied) sites", "this user may not read them") }
    }

    mutating func lookAtOwnFiles() {
        let folder = String(
            picture.configuration[..<(picture.configuration.lastIndex(of: "/") ?? picture.configuration.startIndex)])
        let all = [
            (folder.isEmpty ? "/" : folder, false), (picture.configuration, false), (picture.state, true),
            ("\(picture.state)/keys", true), ("\(picture.state)/history.db", true),
        ]
        picture.files = all.compactMap { path, isState in
            (try? FileFacts.of(path)).map { Picture.OwnFile(path: path, facts: $0, isState: isState) }
        }
    }

    mutating func lookAtEvents() {
        let state = picture.state
        let since = Timestamp(nanoseconds: FileStamp.now() - 86_400_000_000_000).text
        let outcome = bounded("events") { () -> Result<[EventRecord], FileError> in
            Result { () throws(FileError) in try Self.events(state, since: since) }
        }
        switch outcome {
        // Other sources' numbers mean other things.
        case .success(let events): picture.events = events.filter { $0.event.kind.source == .server }
        case .failure(let error): miss("events", "\(error)")
        case nil: return
        }
    }

    /// Of mere information what ends a trouble, and nothing else.
    private static let ends = [
        EventKind.serverStarted, EventKind.mirrorBack, EventKind.historyCaughtUp, EventKind.logOpened,
    ].map { Array("\"event\":\"\($0.name)\"".utf8) }

    private static func events(_ state: String, since: String) throws(FileError) -> [EventRecord] {
        var cursor = EventCursor(stateFolder: state, after: 0)
        var events: [EventRecord] = []
        let information = Array("\"level\":\"information\"".utf8)
        while true {
            let lines = try cursor.next()
            guard !lines.isEmpty else { return events }
            for slice in lines.split(separator: UInt8(ascii: "\n")) {
                let line = Array(slice)
                func has(_ text: [UInt8]) -> Bool {
                    ByteSearch.find(text.span, in: line.span, 0..<min(line.count, 256)) != nil
                }
                guard !has(information) || ends.contains(where: has), let record = EventRecord(line: line),
                    record.time >= since
                else { continue }
                events.append(record)
            }
        }
    }

    mutating func lookAtMachine() {
        picture.watches = KernelText.number("/proc/sys/fs/inotify/max_user_watches")
        picture.watchInstances = KernelText.number("/proc/sys/fs/inotify/max_user_instances")
    }
}
