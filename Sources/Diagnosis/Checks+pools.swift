internal import Administration
internal import Events
internal import Platform

/// Application pools.
extension Check {
    static let poolChecks = [
        Check(name: "pool-not-started", look: states), Check(name: "pool-crashes", look: crashes),
        Check(name: "history-failing", look: history), Check(name: "log-failing", look: failingLogs),
    ]

    @Sendable
    private static func states(_ picture: Picture) -> [Found] {
        (picture.server?.pools ?? []).compactMap { pool in
            let object = "pool \"\(pool.name)\""
            let start = picture.command("pool start \(ShellWord.quoted(pool.name))", configured: false)
            switch pool.state {
            case "offline":
                return Found(
                    .error, object,
                    "its workers failed too often, and rapid-fail protection stopped it: its applications answer 503",
                    [picture.command("events --level error", configured: false), start])
            case "stopped":
                return Found(.warning, object, "it is stopped: its applications answer 503", [start])
            case "quarantined":
                return Found(
                    .error, object, "it is not started: \(pool.reasons.joined(separator: "; "))",
                    [picture.command("edit"), picture.command("reload", configured: false)])
            default: return nil
            }
        }
    }

    private static let failures: Set<UInt32> = [
        EventKind.workerCrashed.id, EventKind.workerCannotStart.id, EventKind.workerUnresponsive.id,
        EventKind.workerStartedTooSlowly.id, EventKind.workerMisbehaved.id, EventKind.poolUnusable.id,
    ]

    @Sendable
    private static func crashes(_ picture: Picture) -> [Found] {
        let failed = picture.events.filter { failures.contains($0.event.kind.id) }
        let byObject = Dictionary(grouping: failed, by: \.event.object)
        return byObject.sorted { $0.key < $1.key }.compactMap { object, records in
            guard let last = records.last else { return nil }
            let name = EventObject.poolName(of: object).map { "pool \"\($0)\"" } ?? object
            return Found(
                .warning, name,
                "its workers failed \(records.count) time\(records.count == 1 ? "" : "s") within a day, last at \(last.time): "
                    + last.event.text,
                [picture.command("events --level error", configured: false)])
        }
    }

    @Sendable
    private static func history(_ picture: Picture) -> [Found] {
        let bad = [EventKind.historyUnavailable.id, EventKind.mirrorUnavailable.id, EventKind.eventsNotKept.id]
        return bad.compactMap { id in
            guard let last = picture.events.last(where: { $0.event.kind.id == id }) else { return nil }
            // What became of it since is information, which is not kept in the picture but for these.
            let good = [EventKind.historyCaughtUp.id, EventKind.mirrorBack.id, EventKind.serverStarted.id]
            guard !picture.events.contains(where: { $0.sequence > last.sequence && good.contains($0.event.kind.id) })
            else { return nil }
            return Found(
                .warning, "", "at \(last.time): \(last.event.text)", ["df -h \(ShellWord.quoted(picture.state))"])
        }
    }

    @Sendable
    private static func failingLogs(_ picture: Picture) -> [Found] {
        guard let last = picture.events.last(where: { $0.event.kind.id == EventKind.logFailed.id }),
            !picture.events.contains(where: {
                $0.sequence > last.sequence
                    && [EventKind.logOpened.id, EventKind.serverStarted.id].contains($0.event.kind.id)
            })
        else { return [] }
        return [
            Found(
                .error, "", "at \(last.time): \(last.event.text)", [picture.command("reload", configured: false)])
        ]
    }
}
