public import Pipeline
import Platform
import Programs
public import Wire

/// The module's debug log: what it does, for whoever looks for why an application does not run. One for a worker.
///
/// It begins with what the worker's environment says (`ASPNETCORE_MODULE_DEBUG`, `ASPNETCORE_MODULE_DEBUG_FILE`), and goes
/// on with what the first application says that says something (`debugLevel`, `debugFile`): once for a worker.
public final class DebugLog {
    /// The parts of the module, by the names of their files on Windows, which is what administrators look for.
    public enum Part: String, Sendable, CaseIterable {
        case module = "aspnetcorev2.dll"
        case handler = "aspnetcorev2_outofprocess.dll"

        fileprivate var title: String {
            switch self {
            case .module: "IIS ASP.NET Core Module V2"
            case .handler: "IIS ASP.NET Core Module V2 Request Handler"
            }
        }
    }

    private let services: any ModuleServices
    private let version: String
    private let limit: Int
    private let tell: (ModuleNotice) -> Void
    private var level: DebugLevel
    private var file: DebugLogFile?
    /// As the environment names it, for the first application where it is relative; empty where it names none.
    private let firstFile: String
    /// Whether an application has said where the log goes.
    private var isSettled = false
    private var waiting: [UInt8] = []
    private var isWriting = false
    /// What waits for the disk beyond so much is left out. Unit: bytes.
    private static let waitingLimit = 1 << 20

    /// - Parameters:
    ///   - environment: the worker's.
    ///   - version: of the program, as the log's first line shows it.
    ///   - limit: the largest file. Unit: bytes.
    ///   - tell: takes lines for the event log.
    public init(
        environment: [(name: String, value: String)], version: String, limit: Int = 10 << 20,
        services: any ModuleServices, tell: @escaping (ModuleNotice) -> Void
    ) {
        self.services = services
        self.version = version
        self.limit = limit
        self.tell = tell
        func value(_ name: String) -> String {
            environment.first { $0.name.lowercased() == name.lowercased() }?.value ?? ""
        }
        level = DebugLevel(value("ASPNETCORE_MODULE_DEBUG"))
        let path = value("ASPNETCORE_MODULE_DEBUG_FILE")
        firstFile = path
        file = path.hasPrefix("/") ? DebugLogFile(path, limit: limit) : nil
        writeHeaders()
    }

    /// An application begins; of the first that names a level or a file, both hold from now on.
    ///
    /// - Parameters:
    ///   - debugLevel: as written; nil where nothing is.
    ///   - debugFile: expanded; nil where nothing is said.
    ///   - folder: the application's.
    public func use(debugLevel: String?, debugFile: String?, folder: String) {
        guard !isSettled else { return }
        isSettled = debugLevel != nil || debugFile != nil
        let next = debugLevel.map { DebugLevel($0) } ?? level
        let named = debugFile ?? (file == nil && (next.contains(.file) || !firstFile.isEmpty) ? firstFile : nil)
        let path = named.map { Self.absolute($0, folder) }
        let isNewFile = path != nil && path != file?.path
        guard next != level || isNewFile else { return }
        if isNewFile, let path {
            if file != nil { write(.information, .module, "Switching debug log files to '\(path)'") }
            finishFile()
            file = DebugLogFile(path, limit: limit)
        }
        level = next
        writeHeaders()
    }

    /// What happened, as the event log has it too.
    public func heard(_ event: ModuleNotice) {
        guard event.number != Self.number else { return }
        write(event.level, .module, "Event Log: '\(event.text)'")
    }

    public func write(_ level: ModuleNotice.Level, _ part: Part, _ text: @autoclosure () -> String) {
        guard self.level.tells(level) else { return }
        let text = text()
        if self.level.contains(.eventLog) { tell(ModuleNotice(Self.number, level, "[\(part.rawValue)] \(text)")) }
        guard file != nil || self.level.contains(.console) else { return }
        let line = Array("[\(Self.timestamp()), PID: \(CurrentProcess.pid)] [\(part.rawValue)] \(text)\r\n".utf8)
        if self.level.contains(.console) { StandardError.write(line) }
        guard file != nil, waiting.count + line.count <= Self.waitingLimit else { return }
        waiting += line
        writeFile()
    }

    /// The event that a line is, where `eventlog` is asked for.
    private static let number: UInt16 = 1036

    private func writeHeaders() {
        for part in Part.allCases {
            write(
                .information, part,
                "Initializing logs for '\(part.rawValue)'. Process Id: \(CurrentProcess.pid). File Version: \(version). "
                    + "Description: \(part.title). Commit: \(version).")
        }
    }

    /// Relative to the application; without a name the module's usual one.
    private static func absolute(_ path: String, _ folder: String) -> String {
        let usual = "aspnetcore-debug.log"
        return ConfiguredPath.absolute(path.isEmpty ? usual : path, in: folder) ?? "\(folder)/\(usual)"
    }

    private static func timestamp() -> String {
        let digits = Array(WallClock.digits(of: WallClock.seconds()))
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
    }

    // MARK: The file

    private func writeFile() {
        guard !isWriting, let file, !waiting.isEmpty else { return }
        isWriting = true
        let bytes = waiting
        waiting = []
        services.perform {
            file.write(bytes)
        } then: { [self] (_: Void) in
            isWriting = false
            writeFile()
        }
    }

    /// What waits belongs to the file that is left.
    private func finishFile() {
        guard let file, !waiting.isEmpty else { return }
        let bytes = waiting
        waiting = []
        services.perform({ file.write(bytes) }, then: { (_: Void) in })
    }
}
