import PipelineTesting
import Platform
import TestSupport
import Testing
import Wire

@testable import AspNetCoreModule

@Suite struct DebugLogTests {
    private let folder: TemporaryFolder
    private let heard = Heard()

    private final class Heard {
        var events: [ModuleNotice] = []
    }

    init() throws { folder = try TemporaryFolder() }

    private func log(_ environment: [(name: String, value: String)] = [], limit: Int = 1 << 20) -> DebugLog {
        DebugLog(
            environment: environment, version: "1.2", limit: limit, services: TestServices()
        ) { [heard] in heard.events.append($0) }
    }

    private func text(_ name: String) -> String { (try? folder.text(name)) ?? "" }

    private static let lists: [(text: String, level: DebugLevel)] = [
        ("error", .error), ("WARNING", .warning), ("info,file", [.information, .file]),
        ("file", [.file, .information]), ("FILE,TRACE", [.file, .trace]), ("eventlog", [.eventLog, .information]),
        ("console, errors", [.console, .error]), ("", []), ("verbose", []), ("err", []),
    ]

    @Test(arguments: lists)
    func aListMeansItsWords(text: String, level: DebugLevel) { #expect(DebugLevel(text) == level) }

    @Test func levelsTellWhatSevererOnesTell() {
        #expect(DebugLevel("warning").tells(.error) && DebugLevel("warning").tells(.warning))
        #expect(!DebugLevel("warning").tells(.information))
        #expect(DebugLevel("trace").tells(.information))
        #expect(!DebugLevel("").tells(.error))
    }

    @Test func startupMessagesStandInTheFileThatTheSectionNames() {
        let log = log()
        log.use(debugLevel: "file", debugFile: #"subdirectory\debug.txt"#, folder: folder.path)
        let text = text("subdirectory/debug.txt")
        #expect(text.contains("[aspnetcorev2.dll]"))
        #expect(text.contains("[aspnetcorev2_outofprocess.dll]"))
        #expect(text.contains("Description: IIS ASP.NET Core Module V2. Commit:"))
        #expect(text.contains("Description: IIS ASP.NET Core Module V2 Request Handler. Commit:"))
        #expect(text.contains(", PID: \(CurrentProcess.pid)] "))
        #expect(!text.replacing("\r\n", with: "").contains("\n"))
    }

    @Test func withoutANameTheyStandInTheUsualOne() {
        log().use(debugLevel: "file", debugFile: nil, folder: folder.path)
        #expect(text("aspnetcore-debug.log").contains("Description: IIS ASP.NET Core Module V2. Commit:"))
    }

    @Test func theEnvironmentAloneBeginsTheUsualFileOfTheFirstApplication() {
        let log = log([("ASPNETCORE_MODULE_DEBUG", "file")])
        #expect(folder.names.isEmpty)
        log.use(debugLevel: nil, debugFile: nil, folder: folder.path)
        #expect(text("aspnetcore-debug.log").contains("Description: IIS ASP.NET Core Module V2. Commit:"))
    }

    @Test func theSectionsFileFollowsTheEnvironmentsWhichSaysSo() {
        let log = log([
            ("ASPNETCORE_MODULE_DEBUG", "trace"), ("ASPNETCORE_MODULE_DEBUG_FILE", "\(folder.path)/first.txt"),
        ])
        log.use(debugLevel: "file", debugFile: "second.txt", folder: folder.path)
        #expect(text("first.txt").contains("Switching debug log files to '\(folder.path)/second.txt'"))
        #expect(!text("first.txt").hasSuffix("Commit: 1.2.\r\n"))
        #expect(text("second.txt").contains("Description: IIS ASP.NET Core Module V2 Request Handler. Commit:"))
    }

    @Test func theFirstApplicationThatSaysSomethingSettlesIt() {
        let log = log()
        log.use(debugLevel: nil, debugFile: nil, folder: folder.path)
        log.use(debugLevel: "file", debugFile: "one.txt", folder: folder.path)
        log.use(debugLevel: "file", debugFile: "two.txt", folder: folder.path)
        #expect(folder.names == ["one.txt"])
    }

    @Test func debugLinesAreEventsWhereTheyAreWanted() {
        log().use(debugLevel: "eventlog", debugFile: nil, folder: folder.path)
        #expect(heard.events.allSatisfy { $0.number == 1036 && $0.level == .information })
        #expect(heard.events.contains { $0.text.contains("Description: IIS ASP.NET Core Module V2. Commit:") })
        #expect(folder.names.isEmpty)
    }

    @Test func anEventOfTheLogItselfIsNoNewLine() {
        let log = log([("ASPNETCORE_MODULE_DEBUG", "eventlog")])
        let count = heard.events.count
        log.heard(ModuleNotice(1036, .information, "x"))
        #expect(heard.events.count == count)
        log.heard(ModuleNotice(1001, .information, "listening"))
        #expect(heard.events.last?.text.contains("listening") == true)
    }

    @Test func withoutALevelNothingIsWritten() {
        let log = log()
        log.use(debugLevel: nil, debugFile: "debug.txt", folder: folder.path)
        log.write(.error, .module, "x")
        #expect(folder.names.isEmpty && heard.events.isEmpty)
    }

    @Test func aFullFileGivesWayAndOneOldOneIsKept() {
        let log = log(limit: 2000)
        log.use(debugLevel: "file", debugFile: "debug.txt", folder: folder.path)
        for number in 0..<200 { log.write(.information, .module, "line \(number)") }
        #expect(folder.names == ["debug.txt", "debug.txt.old"])
        #expect(text("debug.txt").utf8.count <= 2000)
        #expect(text("debug.txt").contains("line 199"))
    }
}
