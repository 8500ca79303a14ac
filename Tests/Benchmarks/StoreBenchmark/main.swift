//  Mirrors a server's file into a database: StoreBenchmark FILE STATE
//
//  Prints, separated by tabs: sites, the first mirror's ms, the median ms and rows of 11 changes of one site's binding in
//  the middle of the file, the ms and rows of a line that comes in at its beginning, and the database's MB.

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

let first = try mirror(version)
var changes: [(time: Double, rows: Int64)] = []
for number in 0..<11 {
    try follow(
        &version, replacing("bindingInformation=\"*:", "bindingInformation=\"127.0.0.\(number + 1):", isMiddle: true))
    changes.append(try mirror(version))
}
changes.sort { $0.time < $1.time }
try follow(&version, replacing("<system.applicationHost>", "\n<system.applicationHost>", isMiddle: false))
let moved = try mirror(version)
keeper.close()
let size = try FileReader(limit: 1 << 30).read("\(state)/mirror.db").bytes.count

func figure(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
print(
    [
        "\(version.model.sites.count)", figure(first.time), figure(changes[5].time), "\(changes[5].rows)",
        figure(moved.time), "\(moved.rows)", figure(Double(size) / 1e6),
    ].joined(separator: "\t"))
