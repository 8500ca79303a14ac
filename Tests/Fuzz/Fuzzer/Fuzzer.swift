//  Runs one target under libFuzzer, which brings the `main`; `Tests/Fuzz/run` builds and starts it.
//
//      HOSTELRY_FUZZING=http Fuzzer [libFuzzer's options] CORPUS…

import FuzzTargets
import Glibc

/// From the environment, for libFuzzer reads every argument itself.
private let target: FuzzTarget? = {
    guard let name = unsafe getenv("HOSTELRY_FUZZING") else { return nil }
    return FuzzTarget(rawValue: unsafe String(cString: name))
}()

/// libFuzzer lends `count` bytes, takes a trap for a finding, and keeps the bytes that led to it.
@_cdecl("LLVMFuzzerTestOneInput")
func run(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else {
        fatalError("HOSTELRY_FUZZING is one of: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    do {
        try target.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
