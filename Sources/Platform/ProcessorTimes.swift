internal import Glibc

/// How long the machine's processors have worked and rested since it started, all of them together.
public struct ProcessorTimes: Equatable, Sendable {
    /// Unit: the kernel's ticks.
    public let busy: UInt64
    public let idle: UInt64

    public init(busy: UInt64, idle: UInt64) {
        self.busy = busy
        self.idle = idle
    }

    /// As of now; nil where the system does not tell.
    public static func now() -> ProcessorTimes? {
        var text: [UInt8] = []
        guard let file = try? FileDescriptor.open("/proc/stat", O_RDONLY),
            (try? file.read(256, at: 0, into: &text)) != nil
        else { return nil }
        return ProcessorTimes(text)
    }

    /// Reads the first line of `/proc/stat`: `cpu`, then user, nice, system, idle, waiting for disks, interrupts,
    /// deferred interrupts, stolen by other machines, and what is counted in these already.
    init?(_ text: [UInt8]) {
        let words = text.prefix { $0 != 0x0A }.split(separator: 0x20)
        guard words.first.map({ Array($0) == Array("cpu".utf8) }) == true else { return nil }
        let numbers = words.dropFirst().prefix(8).compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 8 else { return nil }
        let idle = numbers[3] &+ numbers[4]
        self.init(busy: numbers.reduce(0, &+) &- idle, idle: idle)
    }

    /// The share of the time since `earlier` that was work. Unit: percent, rounded down.
    public func use(since earlier: ProcessorTimes) -> Int {
        guard busy >= earlier.busy, idle >= earlier.idle else { return 0 }
        let (busy, idle) = (busy - earlier.busy, idle - earlier.idle)
        return busy + idle == 0 ? 0 : Int(busy * 100 / (busy + idle))
    }
}
