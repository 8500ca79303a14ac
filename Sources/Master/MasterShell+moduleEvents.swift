import Administration
import EventLoop
import Events
import HostModel
import Platform
import Wire

/// What workers tell of their applications.
extension MasterShell {
    func received(_ notice: ModuleNotice, from id: UInt64, _ role: RoleProcess) {
        guard let pool = supervision.pool(ofWorker: id)?.name else { return }
        let worker: [Event.Field] = [.init("worker", id), .init("pid", role.process.pid)]
        switch moduleEvents.rule(notice, of: pool, now: loop.now) {
        case .told(let notice, let missed):
            if missed > 0 {
                log.record(
                    Event(
                        .applicationEventsLost, Report.object(pool),
                        "Events of the pool's applications are told again; those in between were left out.",
                        worker + [.init("lost", missed)]))
            }
            log.record(event(notice, of: pool, worker))
        case .leftOut(isFirst: true):
            log.record(
                Event(
                    .applicationEventsLost, Report.object(pool),
                    "The pool's applications tell more events than are kept of one pool; for a while none is.", worker))
        case .leftOut: break
        }
    }

    /// The event happened to the site that it names, where that is one of the pool's: a worker speaks for no other's.
    private func event(_ notice: ModuleNotice, of pool: String, _ worker: [Event.Field]) -> Event {
        let level: EventLevel =
            switch notice.level {
            case .information: .information
            case .warning: .warning
            case .error: .error
            }
        let kind = EventKind.aspNetCoreModule(notice.number, level)
        let name = notice.site.lowercased()
        let site = name.isEmpty ? nil : version.model.sites.first { $0.name.lowercased() == name }
        let applications = site?.applications.filter { $0.pool.lowercased() == pool.lowercased() } ?? []
        guard let site, !applications.isEmpty else { return Event(kind, Report.object(pool), notice.text, worker) }
        let path = notice.application.lowercased()
        let application = applications.first { $0.path.lowercased() == path }
        let place = [Event.Field("pool", pool)] + (application.map { [Event.Field("application", $0.path)] } ?? [])
        return Event(kind, EventObject.site(site.name), notice.text, worker + place)
    }
}
