import Configuration
import Synchronization
import Testing

/// Who hears of the files that a system reads.
@Suite struct WebConfigObserverTests {
    private final class Journal: WebConfigObserver {
        private let lines = Mutex<[String]>([])

        /// What can be kept says what was read.
        func read(_ reading: WebConfigReading) {
            let line = line(of: reading.settled)
            lines.withLock { $0.append(line == self.line(of: reading) ? line : "another") }
        }

        private func line(of reading: WebConfigReading) -> String {
            let sections = reading.file?.occurrences.map(\.section).joined(separator: ",") ?? "-"
            let line = reading.problem.map { " \($0.line)" } ?? ""
            return "\(reading.path.urlPath) \(reading.fileName ?? "none") \(sections)\(line)"
        }

        func foundNothing(at path: ConfigurationPath) { lines.withLock { $0.append("\(path.urlPath) nothing") } }

        func take() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private let host = TestServer()
    private let journal = Journal()

    @Test func aFileIsToldWhenItIsReadForTheFirstTimeAndAnewAndWhenItIsGone() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/Web.config", "<directoryBrowse enabled=\"true\"/>")
        host.writeWebConfig("Site/a/web.config", "<directoryBrowse enabled=\"true\"/>")
        let system = try host.system(observer: journal)
        func ask() throws { _ = try system.configuration(at: ConfigurationPath(site: "Site", path: "/a")) }
        try ask()
        #expect(
            journal.take() == [
                "/ Web.config system.webServer/directoryBrowse", "/a web.config system.webServer/directoryBrowse",
            ])
        host.writeWebConfig("Site/a/web.config", "<defaultDocument/>")
        try ask()
        #expect(journal.take().contains("/a web.config system.webServer/defaultDocument"))
        host.removeFile("Site/a/web.config")
        try ask()
        #expect(journal.take().contains("/a none -"))
        removeTree("\(host.folder)/Site/a")
        try ask()
        #expect(journal.take().contains("/a nothing"))
        host.removeFile("Site/Web.config")
        try ask()
        #expect(journal.take().contains("/ none -"))
    }

    @Test func aFileThatMakesNoSenseIsToldWithWhatIsWrong() throws {
        host.addSite("Site")
        host.write("Site/web.config", "<configuration>\n<nonsense/></configuration>")
        host.writeWebConfig("Site/a/web.config", "<directoryBrowse wrong=\"1\"/>")
        let system = try host.system(observer: journal)
        _ = try system.configuration(at: ConfigurationPath(site: "Site"))
        #expect(journal.take() == ["/ web.config  2"])
        host.writeWebConfig("Site/web.config", "<directoryBrowse/>")
        _ = try system.configuration(at: ConfigurationPath(site: "Site", path: "/a"))
        #expect(journal.take().last == "/a web.config system.webServer/directoryBrowse 3")
    }

    @Test func whereFilesAreSwitchedOffNothingIsTold() throws {
        host.addSite("Site", readsWebConfig: false)
        host.writeWebConfig("Site/web.config", "<directoryBrowse/>")
        _ = try host.system(observer: journal).configuration(at: ConfigurationPath(site: "Site"))
        #expect(journal.take().isEmpty)
    }
}
