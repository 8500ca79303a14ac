import Configuration
import Glibc
import Platform
import Synchronization
import Testing

/// A server whose applicationHost.config is given as text, with sites in folders of its own that go with it.
final class TestServer {
    let folder: String
    private var layouts: [String: SiteLayout] = [:]
    /// Moves on by more than any recheck interval each time it is read.
    private let clock = TickingClock()

    init() {
        var template = Array("/tmp/hostelry-test-XXXXXX".utf8CString)
        folder = unsafe String(cString: mkdtemp(&template))
    }

    deinit { removeTree(folder) }

    /// Makes a site with applications (`path: pool folder below the site's`) whose root folder is `folder/name`.
    func addSite(
        _ name: String, applications: [String] = ["/"], allowSubDirConfig: Bool = true, readsWebConfig: Bool = true
    ) {
        layouts[name.lowercased()] = SiteLayout(
            name: name,
            applications: applications.map { path in
                SiteLayout.Application(
                    path: path, readsWebConfig: readsWebConfig,
                    directories: [
                        SiteLayout.Directory(
                            path: "/", physicalPath: path == "/" ? "\(folder)/\(name)" : "\(folder)/\(name)\(path)",
                            allowsSubdirectoryConfiguration: allowSubDirConfig)
                    ])
            })
        for path in applications { makeFolder("\(name)\(path == "/" ? "" : path)") }
    }

    func makeFolder(_ path: String) {
        var made = folder
        for segment in path.split(separator: "/") {
            made += "/\(segment)"
            unsafe mkdir(made, 0o755)
        }
    }

    /// Writes a file below the server's folder, in place.
    func write(_ path: String, _ text: String) {
        if let slash = path.lastIndex(of: "/") { makeFolder(String(path[..<slash])) }
        let file = unsafe open("\(folder)/\(path)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let bytes = Array(text.utf8)
        let written = unsafe Glibc.write(file, bytes, bytes.count)
        #expect(written == bytes.count)
        close(file)
    }

    /// What a web.config says in `system.webServer`.
    func writeWebConfig(_ path: String, _ sections: String) {
        write(path, "<configuration>\n<system.webServer>\n\(sections)\n</system.webServer>\n</configuration>")
    }

    func server(_ text: String) throws -> ServerConfiguration {
        try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config")
    }

    func removeFile(_ path: String) { unsafe unlink("\(folder)/\(path)") }

    func system(
        _ text: String = "<configuration/>", observer: (any WebConfigObserver)? = nil
    ) throws -> ConfigurationSystem {
        let layouts = self.layouts
        let clock = self.clock
        return ConfigurationSystem(
            server: try server(text), clock: { clock.now() }, observer: observer,
            layout: { layouts[$0.lowercased()] })
    }
}

final class TickingClock: Sendable {
    private let time = Atomic<UInt64>(1 << 40)

    func now() -> UInt64 { time.wrappingAdd(1_000_000_000, ordering: .relaxed).newValue }
}

/// Removes a folder of these tests with everything in it.
func removeTree(_ path: String) {
    guard path.hasPrefix("/tmp/hostelry-test-") else { return }
    for name in (try? FolderNames.filter(path) { _ in true }) ?? [] {
        let inner = "\(path)/\(name)"
        if unsafe unlink(inner) != 0 { removeTree(inner) }
    }
    unsafe rmdir(path)
}

extension Element {
    /// The values of one attribute of all items.
    func list(_ attribute: String) -> [String] { items.map { $0.string(attribute) } }
}

/// Runs `body`, which must throw a `ConfigurationError`, and gives the error.
func configurationError(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation)
    -> ConfigurationError?
{
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        return nil
    } catch {
        guard let error = error as? ConfigurationError else {
            Issue.record("not a ConfigurationError: \(error)", sourceLocation: sourceLocation)
            return nil
        }
        return error
    }
}
