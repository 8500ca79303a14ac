import Platform

/// Where events are kept, and how many.
///
///     STATE/events/00000000000000000001.jsonl     JSON lines, each with its sequence number
///     STATE/events/00000000000000002718.jsonl     named by the number of its first event
struct EventFiles: Sendable {
    /// A file that has grown beyond it gets a successor. Unit: bytes.
    static let fileLimit = 4 << 20
    /// The oldest beyond so many are removed.
    static let countLimit = 8

    let folder: String

    init(stateFolder: String) { folder = "\(stateFolder)/events" }

    func path(_ first: UInt64) -> String {
        let digits = String(first)
        return "\(folder)/\(String(repeating: "0", count: 20 - digits.count))\(digits)\(Self.ending)"
    }

    /// The numbers of the files' first events, in order; none where there is no folder.
    func all() throws(FileError) -> [UInt64] {
        do throws(FileError) {
            return try Folder.names(in: folder).compactMap { name in
                name.hasSuffix(Self.ending) ? UInt64(name.dropLast(Self.ending.count)) : nil
            }.sorted()
        } catch {
            guard error.kind == .missing else { throw error }
            return []
        }
    }

    private static let ending = ".jsonl"

    /// The sequence number of a line; nil for what a power loss made of one.
    static func sequence(of line: ArraySlice<UInt8>) -> UInt64? {
        guard line.starts(with: prefix), line.last == UInt8(ascii: "}") else { return nil }
        var number: UInt64 = 0
        for byte in line.dropFirst(prefix.count) {
            guard byte &- 0x30 < 10 else { return byte == UInt8(ascii: ",") ? number : nil }
            let (tens, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, carries) = tens.addingReportingOverflow(UInt64(byte &- 0x30))
            guard !overflows, !carries else { return nil }
            number = sum
        }
        return nil
    }

    private static let prefix = Array("{\"sequence\":".utf8)
}
