import Events

/// A server's status for a person at a terminal.
public struct StatusText {
    private let status: ServerStatus
    private let width: Int
    private let isColoured: Bool

    /// `width` columns; what does not fit is cut, but for reasons, which go on below.
    public init(_ status: ServerStatus, width: Int, isColoured: Bool = false) {
        self.isColoured = isColoured
        self.status = status
        self.width = max(40, width)
    }

    public var text: String {
        ([server, router] + sites + pools).map { $0 + "\n" }.joined()
    }

    private var server: String {
        let facts = [
            "Hostelry \(status.version)", status.state, "pid \(status.process.pid)", Self.uptime(status.process.uptime),
            Self.memory(status.process.memory),
        ]
        let places = [
            "  Configuration  \(LineText.printable(status.configuration))",
            "  State          \(LineText.printable(status.stateFolder))",
        ]
        let shared = status.sharedConfiguration.map { ["  Shared         \(Self.text($0))"] } ?? []
        return ([facts.compactMap { $0 }.joined(separator: ", ")] + places + shared).joined(separator: "\n")
    }

    /// For example `/srv/shared, away since 2026-11-28T08:00:00.000Z: REASON; the copy of … is served`.
    public static func text(_ shared: ServerStatus.SharedConfiguration) -> String {
        func time(_ seconds: UInt64) -> String { Timestamp(nanoseconds: Int64(clamping: seconds) * 1_000_000_000).text }
        let since = shared.since.map { " since \(time($0))" } ?? ""
        let reason = shared.reason.map { ": \($0)" } ?? ""
        let served =
            shared.reason == nil
            ? "" : shared.copied.map { "; what was read \(time($0)) is served" } ?? "; nothing of it is served"
        return LineText.printable("\(shared.folder), \(shared.state)\(since)\(reason)\(served)")
    }

    private var router: String {
        let router = status.router
        let facts = [
            router.state, router.process.map { "pid \($0.pid)" }, Self.count(router.connections, "connection"),
            Self.uptime(router.process?.uptime), Self.memory(router.process?.memory),
        ]
        return "  Router         " + facts.compactMap { $0 }.joined(separator: ", ")
    }

    private var sites: [String] {
        guard !status.sites.isEmpty else { return ["", "There are no sites."] }
        let rows = status.sites.map { site in
            let bindings = site.bindings.map { "\($0.protocol)/\($0.information)" }.joined(separator: " ")
            return ["\(site.id)", site.name, site.state, bindings]
        }
        let notes = status.sites.map { site in
            site.reasons
                + site.bindings.compactMap { binding in
                    binding.failure.map { "\(binding.protocol)/\(binding.information) is not open: \($0)" }
                }
        }
        return table(["ID", "SITE", "STATE", "BINDINGS"], rows, notes)
    }

    private var pools: [String] {
        guard !status.pools.isEmpty else { return ["", "There are no application pools."] }
        var rows: [[String]] = []
        var notes: [[String]] = []
        for pool in status.pools {
            rows.append([
                pool.name, pool.state, pool.identity, pool.queued.map { String($0) } ?? "-", "", "", "", "",
            ])
            notes.append(pool.reasons)
            for worker in pool.workers {
                rows.append([
                    "  worker \(worker.process.map { String($0.pid) } ?? "-")", worker.state, "", "",
                    worker.requests.map { String($0) } ?? "-", worker.inWork.map { String($0) } ?? "-",
                    worker.process?.memory.map(Self.megabytes) ?? "-",
                    worker.process?.uptime.map { Self.duration($0) } ?? "-",
                ])
                notes.append([])
            }
        }
        return table(["POOL", "STATE", "IDENTITY", "QUEUED", "REQUESTS", "IN WORK", "MEMORY", "UPTIME"], rows, notes)
    }

    private func table(_ head: [String], _ rows: [[String]], _ notes: [[String]]) -> [String] {
        [""] + TextTable(head, rows, notes: notes, width: width, isColoured: isColoured).lines
    }

    // MARK: Numbers

    private static func count(_ number: UInt64?, _ noun: String) -> String? {
        number.map { "\($0) \(noun)\($0 == 1 ? "" : "s")" }
    }

    private static func memory(_ bytes: UInt64?) -> String? { bytes.map { "\(megabytes($0)) of memory" } }

    /// With one digit behind the point.
    private static func megabytes(_ bytes: UInt64) -> String {
        let tenths = (bytes * 10 + (1 << 19)) >> 20
        return "\(tenths / 10).\(tenths % 10) MB"
    }

    private static func uptime(_ seconds: UInt64?) -> String? { seconds.map { "up \(duration($0))" } }

    /// The two largest units: `3 d 4 h`, `12 s`.
    static func duration(_ seconds: UInt64) -> String {
        let units: [(UInt64, String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard let index = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
        let (unit, name) = units[index]
        let rest = seconds % unit
        guard index + 1 < units.count, rest >= units[index + 1].0 else { return "\(seconds / unit) \(name)" }
        return "\(seconds / unit) \(name) \(rest / units[index + 1].0) \(units[index + 1].1)"
    }
}
