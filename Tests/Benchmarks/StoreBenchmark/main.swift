//  Mirrors a server's file into a database: StoreBenchmark FILE STATE
//
//  Prints, separated by tabs: sites, the first mirror's ms, the median ms and rows of 11 changes of one site's binding in
//  the middle of the file, the ms and rows of a line that comes in at its beginning, the ms that the words of workers on a
//  web.config of each site take and the longest batch of them, the median ms of 11 changes beside these, and the
//  database's MB.

import Configuration
import ConfigurationStore
import Glibc
import HostModel
import Platform
import SQLite

let (path, state) = (CommandLine.arguments[1], CommandLine.arguments[2])
let keeper = MirrorKeeper(state: state)
var version = try HostConfiguration.read(path: path)
let text = try FileReader().read(path).bytes

/// Milliseconds that writing the version took, with the rows.
func mirror(_ version: HostConfiguration) throws -> (time: Double, rows: Int64) {
    keeper.offer(version)
    let start = MonotonicClock.nanoseconds()
    guard case .mirrored = keeper.work() else { fatalError("not mirrored") }
    let time = Double(MonotonicClock.nanoseconds() - start) / 1e6
    let store = try StoreFile.mirror(state: state).read().database
    return (time, try store.value("SELECT written FROM versions ORDER BY number DESC LIMIT 1")?.integerValue ?? 0)
}

/// The text with `new` in place of the first `old` behind its middle, or from its beginning.
func replacing(_ old: String, _ new: String, isMiddle: Bool) -> [UInt8] {
    let old = Array(old.utf8)
    guard let place = ByteSearch.find(old.span, in: text.span, (isMiddle ? text.count / 2 : 0)..<text.count) else {
        fatalError("\(old) is not there")
    }
    return text[..<place] + Array(new.utf8) + text[(place + old.count)...]
}

func follow(_ version: inout HostConfiguration, _ bytes: [UInt8]) throws {
    guard let following = try version.following(bytes) else { fatalError("nothing changed") }
    version = following
}

/// The median of 11 changes of a site's binding.
func change(_ version: inout HostConfiguration, to network: String) throws -> (time: Double, rows: Int64) {
    var changes: [(time: Double, rows: Int64)] = []
    for number in 1...11 {
        let binding = "bindingInformation=\"127.0.\(network).\(number):"
        try follow(&version, replacing("bindingInformation=\"*:", binding, isMiddle: true))
        changes.append(try mirror(version))
    }
    return changes.sorted { $0.time < $1.time }[5]
}

/// What workers say of a web.config of each site, as `MirrorUpkeep` hands it over. Milliseconds of each batch.
func tell(_ version: HostConfiguration) -> [Double] {
    let pools = version.model.poolsByName()
    let sections = ["rewrite", "security/requestFiltering", "httpProtocol"].enumerated().map { number, name in
        WrittenSection(
            path: "", section: "system.webServer/\(name)", fragment: String(repeating: "x", count: 200),
            overrideMode: .inherit, inherits: true, line: SourceLine(5 * number + 3))
    }
    var reports: [ReportedFile] = []
    for site in version.model.sites {
        guard let application = site.applications.first, let pool = pools[application.pool.lowercased()],
            let place = site.webConfigPlace(at: "/", in: pool)
        else { continue }
        reports.append(
            ReportedFile(
                pool: pool.name, siteID: site.id, path: "/", file: "\(place.folder)/web.config",
                content: .read(sections, problem: nil)))
    }
    return stride(from: 0, to: reports.count, by: 256).map { start in
        keeper.offer(Array(reports[start..<min(start + 256, reports.count)]))
        let begin = MonotonicClock.nanoseconds()
        if case .trouble(let trouble) = keeper.work() { fatalError("\(trouble)") }
        return Double(MonotonicClock.nanoseconds() - begin) / 1e6
    }
}

let first = try mirror(version)
let changed = try change(&version, to: "0")
try follow(&version, replacing("<system.applicationHost>", "\n<system.applicationHost>", isMiddle: false))
let moved = try mirror(version)
let told = tell(version)
let beside = try change(&version, to: "1")
keeper.close()
let size = try FileReader(limit: 1 << 30).read("\(state)/mirror.db").bytes.count

func figure(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
print(
    [
        "\(version.model.sites.count)", figure(first.time), figure(changed.time), "\(changed.rows)",
        figure(moved.time), "\(moved.rows)", figure(told.reduce(0, +)), figure(told.max() ?? 0), figure(beside.time),
        figure(Double(size) / 1e6),
    ].joined(separator: "\t"))
