//  Measures the history of the configuration; `Tests/Benchmarks/history` makes the server and runs this.
//
//      HistoryBenchmark FILE STATE VERSIONS     records VERSIONS of FILE, each with another site changed

import Configuration
import ConfigurationStore
import Glibc
import Platform

func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = MonotonicClock.nanoseconds()
    try body()
    return Double(MonotonicClock.nanoseconds() - start)
}

/// With one digit behind the point.
func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

guard CommandLine.arguments.count == 4, let count = Int(CommandLine.arguments[3]) else {
    print("HistoryBenchmark FILE STATE VERSIONS")
    exit(2)
}
let (path, state) = (CommandLine.arguments[1], CommandLine.arguments[2])
try Folder.makeOwned(state)
var bytes = try FileReader().read(path).bytes
let history = try ConfigurationHistory.opened(state)
var durations: [Double] = []
var lastSite = 0
for number in 0..<count {
    let document = try Document(bytes: bytes, path: path)
    let sites = Array(
        document.root.child("system.applicationHost")?.child("sites")?.children.filter { $0.name == "site" } ?? [])
    var edit = DocumentEdit(document)
    lastSite = (lastSite + 7919) % sites.count
    edit.set("serverAutoStart", to: number.isMultiple(of: 2) ? "false" : "true", on: sites[lastSite])
    bytes = try edit.applied().stored
    let site = sites[lastSite]["name"] ?? ""
    durations.append(
        try nanoseconds {
            _ = try history.find(bytes, path: path) {
                [ObjectDifference(.site, site, "serverAutoStart", old: "true", new: "false")]
            }
        })
}
let files = ["history.db", "history.db-wal"]
let size = try files.reduce(0) { sum, name in sum + (try FileStamp.of("\(state)/\(name)")?.size ?? 0) }
let reading = try nanoseconds { _ = try history.text(of: Int64(count)) }
// As the keeper of a running server does for each version that it records.
let opening = try nanoseconds { _ = try ConfigurationHistory.opened(state) }
let isRight = try history.text(of: Int64(count)) == bytes
durations.sort()
print(
    "\(count) versions of \(text(Double(bytes.count) / 1e6)) MB: \(text(Double(size) / 1e6)) MB; recording "
        + "\(text(durations[durations.count / 2] / 1e6)) ms (median), \(text(durations[durations.count - 1] / 1e6)) ms "
        + "(longest); opening \(text(opening / 1e6)) ms; reading the last text \(text(reading / 1e6)) ms\(isRight ? "" : ", WRONG")"
)
