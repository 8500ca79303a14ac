//  Measures the configuration engine; `Tests/Benchmarks/configuration` makes the servers and runs this.
//
//      ConfigurationBenchmark model FILE       read, validate and model FILE, once; its peak memory; a one-site change
//      ConfigurationBenchmark lookup FOLDER    cached and uncached section lookups through three web.config files

import Configuration
import Glibc
import HostModel
import Platform

func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = MonotonicClock.nanoseconds()
    try body()
    return Double(MonotonicClock.nanoseconds() - start)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Peak resident memory of this process, in bytes.
func peakMemory() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) * 1024
}

/// With two digits behind the point.
func text(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

func measureModel(_ path: String) throws {
    var built: HostModel?
    let reading = try nanoseconds { built = HostModel.build(try ServerConfiguration.read(path: path)) }
    let peak = peakMemory()
    guard let model = built else { return }
    let bytes = try FileReader().read(path).bytes
    let document = try Document(bytes: bytes, path: path)
    let sites =
        document.root.child("system.applicationHost")?.child("sites")?.children.filter { $0.name == "site" } ?? []
    var edit = DocumentEdit(document)
    edit.set("serverAutoStart", to: "false", on: sites[sites.count / 2])
    let next = HostModel.build(try ServerConfiguration(bytes: edit.applied().stored, path: path))
    var changes: [ModelChange] = []
    let comparing = median((0..<9).map { _ in nanoseconds { changes = model.changes(to: next) } })
    let errors = model.problems.count { $0.severity == .error }
    print(
        "\(model.sites.count)\t\(model.pools.count)\t\(text(Double(bytes.count) / 1e6))\t\(text(reading / 1e6))\t"
            + "\(text(peak / 1e6))\t\(text(comparing / 1e6))\t\(changes.count)\t\(errors)")
}

func measureLookup(_ folder: String) throws {
    let layout = SiteLayout(
        name: "Site",
        applications: [
            .init(
                path: "/", readsWebConfig: true,
                directories: [.init(path: "/", physicalPath: folder, allowsSubdirectoryConfiguration: true)])
        ])
    let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
    let path = ConfigurationPath(site: "Site", path: "/a/b")
    let section = "system.webServer/staticContent"
    var uncached: [Double] = []
    for _ in 0..<200 {
        let system = ConfigurationSystem(server: server, layout: { _ in layout })
        _ = try system.root.section(section)
        uncached.append(try nanoseconds { _ = try system.configuration(at: path).section(section) })
    }
    let system = ConfigurationSystem(server: server, recheckInterval: .seconds(60), layout: { _ in layout })
    let configuration = try system.configuration(at: path)
    let rounds = 100_000
    let cached = try nanoseconds { for _ in 0..<rounds { _ = try configuration.section(section) } } / Double(rounds)
    let walked =
        try nanoseconds { for _ in 0..<rounds { _ = try system.configuration(at: path).section(section) } }
        / Double(rounds)
    print("section of a place at hand: \(text(cached / 1e3)) µs")
    print("section of a path, everything cached: \(text(walked / 1e3)) µs")
    print("section of a path through three web.config files, nothing cached: \(text(median(uncached) / 1e3)) µs")
}

switch CommandLine.arguments.dropFirst().first {
case "model": try measureModel(CommandLine.arguments[2])
case "lookup": try measureLookup(CommandLine.arguments[2])
default: print("usage: ConfigurationBenchmark model FILE | lookup FOLDER")
}
