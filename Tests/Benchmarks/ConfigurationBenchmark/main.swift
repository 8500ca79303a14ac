//  Measures the configuration engine on generated servers: `Tests/Benchmarks/configuration` makes them and runs this.
//
//      ConfigurationBenchmark model FILE        read, validate and model; peak memory; a one-site change
//      ConfigurationBenchmark lookup            cached and uncached section lookups through three web.config files

import Configuration
import Glibc
import HostModel
import Platform

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = MonotonicClock.nanoseconds()
    try body()
    return Double(MonotonicClock.nanoseconds() - start) / 1e6
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Peak resident memory of this process in MB.
func peakMemory() throws -> Double {
    let status = String(decoding: try Array(readAll("/proc/self/status")), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return (Double(line.split(separator: " ").dropLast().last ?? "") ?? 0) / 1024
}

func readAll(_ path: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = unsafe read(file.number, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
}

func measureModel(_ path: String) throws {
    var model: HostModel?
    let first = try milliseconds { model = HostModel.build(try ServerConfiguration.read(path: path)) }
    let peak = try peakMemory()
    guard let model else { return }
    let text = String(decoding: try FileReader().read(path).bytes, as: UTF8.self)
    let port = text.firstRange(of: "site00001").map { _ in "site00001" } ?? "1"
    let changed = text.replacing(
        "<binding protocol=\"http\" bindingInformation=\"*:80",
        with: "<binding protocol=\"http\" bindingInformation=\"*:81", maxReplacements: 1)
    let next = HostModel.build(
        try ServerConfiguration(
            bytes: Array(
                (changed == text
                    ? text.replacing("serverAutoStart=\"true\"", with: "serverAutoStart=\"false\"", maxReplacements: 1)
                    : changed).utf8), path: path))
    var changes: [ModelChange] = []
    let diffs = (0..<9).map { _ in milliseconds { changes = model.changes(to: next) } }
    let errors = model.problems.count { $0.severity == .error }
    print(
        "sites \(model.sites.count)  pools \(model.pools.count)  errors \(errors)  read+validate+model \(first.rounded(2)) ms  "
            + "peak \(peak.rounded(1)) MB  diff \(median(diffs).rounded(2)) ms (\(changes.count) change)")
    _ = port
}

extension Double {
    func rounded(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return "\((self * scale).rounded() / scale)"
    }
}

try measureModel(CommandLine.arguments[2])
