import EventLoop
import Events
import HostModel
import Platform
import Wire

/// Opens the files of the router's logs, which it may not open itself.
///
///     <directory>/W3SVC<id>/u_exYYMMDD.log      a site's access log
///     <directory>/W3SVC/u_exYYMMDD.log          that of all sites
///     STATE/logs/HTTPERR/httperrN.log           refusals and drops
///
/// Opening may wait for a disk, so that threads do it. What cannot be opened is told once, and once more when it can.
final class LogFiles {
    private struct Place: Sendable {
        let directory: String
        let folder: String
        /// For events.
        let name: Name
    }

    /// Put together only when it is told.
    private enum Name: Sendable {
        case errors
        case central
        case site(String)
    }

    private struct Opened: Sendable {
        let file: LogDescriptor
        let length: Int64
        let number: UInt32
    }

    private let loop: EventLoop
    private let log: any EventRecorder
    /// The folder of logs that have no place of their own on this machine.
    private let ownDirectory: String
    private var places: [LogID: Place] = [:]
    private var failing: Set<LogID> = []

    init(statePath: String, on loop: EventLoop, log: any EventRecorder) {
        self.loop = loop
        self.log = log
        ownDirectory = "\(statePath)/logs"
    }

    /// From now on files lie where `model` says; where the sites of an `earlier` one lay is known.
    func use(_ model: HostModel, after earlier: HostModel? = nil) {
        places[.errors] = Place(directory: ownDirectory, folder: "HTTPERR", name: .errors)
        places[.central] = model.centralLog.map { log in
            Place(directory: log.folder ?? ownDirectory, folder: "W3SVC", name: .central)
        }
        if let earlier {
            let origins = model.siteOrigins(in: earlier)
            for place in origins.gone { places[.site(earlier.sites[place].id)] = nil }
            for place in origins.fresh { use(model.sites[place]) }
        } else {
            for site in model.sites { use(site) }
        }
        // Whoever has the configuration read again wants to see whether it works now.
        failing = []
    }

    private func use(_ site: Site) {
        places[.site(site.id)] = Place(
            directory: site.log.folder ?? ownDirectory, folder: "W3SVC\(site.id)", name: .site(site.name))
    }

    /// Opens a file and sends it to the router that asked.
    func open(_ request: LogFileRequest, for router: RoleProcess) {
        guard let place = places[request.log] else {
            return router.send(.logRefused(request.log, number: request.number))
        }
        let open: @Sendable () -> Result<Opened, FileError> = { Self.open(request.name, in: place) }
        loop.perform(open) { [self] in opened($0, request, place, for: router) }
    }

    private static func open(_ name: LogFileRequest.Name, in place: Place) -> Result<Opened, FileError> {
        Result { () throws(FileError) in
            let folder = try LogFolder.open(place.directory, place.folder)
            var number: UInt32 = 0
            let fileName: String
            switch name {
            case .exact(let exact): fileName = exact
            case .numbered(let prefix, let minimum, let suffix):
                number = max(minimum, try folder.lastNumber(prefix: prefix, suffix: suffix))
                fileName = "\(prefix)\(number)\(suffix).log"
            }
            let file = try folder.open(fileName)
            let length = file.length
            return Opened(file: LogDescriptor(file), length: length, number: number)
        }
    }

    private func opened(
        _ result: Result<Opened, FileError>, _ request: LogFileRequest, _ place: Place, for router: RoleProcess
    ) {
        do {
            let opened = try result.get()
            let answer = LogFileAnswer(
                log: request.log, number: request.number, fileNumber: opened.number,
                length: UInt64(clamping: opened.length))
            router.send(.logOpened(answer), descriptor: try opened.file.descriptor.duplicate())
            if failing.remove(request.log) != nil {
                log.record(Event(.logOpened, "\(Self.text(place.name)) is written again."))
            }
        } catch {
            tell(request.log, "\(Self.text(place.name)) cannot be opened, its lines are lost: \(error).")
            router.send(.logRefused(request.log, number: request.number))
        }
    }

    /// The router could not write to a file.
    func failed(_ id: LogID, _ reason: String) {
        log.record(Event(.logFailed, "\(places[id].map { Self.text($0.name) } ?? "A log") loses lines: \(reason)."))
    }

    private static func text(_ name: Name) -> String {
        switch name {
        case .errors: "The error log"
        case .central: "The access log of all sites"
        case .site(let site): "The access log of the site \"\(site)\""
        }
    }

    private func tell(_ id: LogID, _ text: String) {
        if failing.insert(id).inserted { log.record(Event(.logFailed, text)) }
    }
}

/// An open file on its way from the thread that opened it.
private final class LogDescriptor: Sendable {
    let descriptor: FileDescriptor

    init(_ file: consuming LogFolder.File) { descriptor = file.descriptor }
}
