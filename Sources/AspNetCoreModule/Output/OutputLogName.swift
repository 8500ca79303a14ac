/// The names of an application's output logs: `<stdoutLogFile>_yyyyMMddHHmmss_<worker's pid>.log`, in UTC.
///
/// Files of one second are numbered from the second on (`…_4711_2.log`): ours alone, since files here end at a size.
struct OutputLogName {
    let folder: String
    private let prefix: String

    /// - Parameter path: `stdoutLogFile`, absolute; what follows the last slash begins the files' names.
    init(_ path: String) {
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        folder = String(path[..<end])
        prefix = String(path[end...]) + "_"
    }

    /// - Parameters:
    ///   - time: as `WallClock.digits` has it.
    ///   - number: from 1.
    func path(_ time: String, pid: Int32, number: Int = 1) -> String {
        "\(folder)\(prefix)\(time)_\(pid)\(number > 1 ? "_\(number)" : "").log"
    }

    /// When a file of that name was begun, and what orders files of one second; nil for a name that is none of these.
    func order(of name: String) -> Order? {
        guard name.hasPrefix(prefix), name.hasSuffix(".log") else { return nil }
        let parts = name.dropFirst(prefix.count).dropLast(4).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0].utf8.count == 14 else { return nil }
        let numbers = parts.map { part in part.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int64(part) : nil }
        guard let time = numbers[0], let pid = numbers[1], let number = numbers.count == 3 ? numbers[2] : 1 else {
            return nil
        }
        return Order(time: time, number: number, pid: pid)
    }

    struct Order: Comparable {
        let time: Int64
        let number: Int64
        let pid: Int64

        static func < (one: Order, other: Order) -> Bool {
            (one.time, one.number, one.pid) < (other.time, other.number, other.pid)
        }
    }

    /// Which of the folder's names are files that are not to be kept: all but the last `count`, and what was begun before
    /// `oldest` (as `WallClock.digits` has it).
    func surplus(of names: [String], keeping count: Int, since oldest: String?) -> [String] {
        let files = names.compactMap { name in order(of: name).map { (name, $0) } }.sorted { $0.1 < $1.1 }
        let limit = oldest.flatMap { Int64($0) } ?? 0
        return files.enumerated().filter { $0.offset < files.count - count || $0.element.1.time < limit }.map(
            \.element.0)
    }
}
