import Configuration
public import Platform

/// The state of a server that lives as long as one command (`hostelry express`): a folder of its own, which is removed at
/// the end.
///
///     BASE/hostelry-express.XXXXXX/state                     the state folder, with the master's lock
///     BASE/hostelry-express.XXXXXX/applicationHost.config    the configuration of a folder that is served without one
///
/// A command that was killed leaves its folder; the next one removes it.
public struct ExpressInstance: Sendable {
    private let folder: String

    public var statePath: String { "\(folder)/state" }
    public var configurationPath: String { "\(folder)/applicationHost.config" }

    private static let prefix = "hostelry-express."

    /// In the folder `base`, an absolute path, for example `/tmp`.
    public init(in base: String) throws(FileError) {
        Self.removeLeftovers(in: base)
        folder = try Folder.makeTemporary(in: base, prefix: Self.prefix)
    }

    /// Removes everything; nothing of the server runs any more.
    public func remove() { Folder.removeTree(folder) }

    /// Writes the configuration of one site, whose root is the folder `path`, for the loopback addresses given as in a
    /// binding (`127.0.0.1`, `[::1]`).
    ///
    /// - Parameters:
    ///   - application: an application that the folder holds without a web.config: it is handed all requests.
    ///   - environment: what its pool's programs are to know beside what every pool's do.
    ///   - startsPrograms: whether a web.config may name a program to start, now or later.
    public func write(
        servingFolder path: String, addresses: [String], port: UInt16, application: PublishedWebConfig? = nil,
        environment: [(name: String, value: String)] = [], startsPrograms: Bool = true
    ) throws {
        let bytes = try Self.configuration(folder: path, addresses: addresses, port: port)
        try Folder.replaceFile(
            configurationPath,
            with: Self.extended(
                bytes, running: application, environment: environment, startsPrograms: startsPrograms))
    }

    /// The site's name, as IIS Express has it.
    public static let siteName = "Development Web Site"

    static func configuration(
        folder: String, addresses: [String], port: UInt16
    ) throws(ConfigurationError) -> [UInt8] {
        let bindings = addresses.map { "<binding protocol=\"http\" bindingInformation=\"\($0):\(port):\"/>" }.joined()
        let template = """
            <configuration>
                <system.applicationHost>
                    <applicationPools>
                        <add name="DefaultAppPool" startMode="AlwaysRunning">
                            <processModel idleTimeout="00:00:00"/>
                            <recycling><periodicRestart time="00:00:00"/></recycling>
                        </add>
                    </applicationPools>
                    <sites>
                        <site name="\(siteName)" id="1">
                            <application path="/">
                                <virtualDirectory path="/"/>
                            </application>
                            <bindings>\(bindings)</bindings>
                        </site>
                    </sites>
                </system.applicationHost>
            </configuration>

            """
        let document = try Document(bytes: Array(template.utf8), path: "applicationHost.config")
        guard
            let directory = document.root.child("system.applicationHost")?.child("sites")?.child("site")?
                .child("application")?.child("virtualDirectory")
        else { throw ConfigurationError(file: document.path, line: 0, "The site has no root folder") }
        var edit = DocumentEdit(document)
        edit.set("physicalPath", to: folder, on: directory)
        return try edit.applied().stored
    }

    /// The folders of commands that were killed: those whose lock nobody holds. One that holds no number yet is being taken.
    private static func removeLeftovers(in base: String) {
        let prefix = Array(prefix.utf8)
        let names = try? FolderNames.filter(base) { name in
            name.count > prefix.count && prefix.indices.allSatisfy { name[$0] == prefix[$0] }
        }
        for name in names ?? [] {
            let left = "\(base)/\(name)"
            let path = "\(left)/state/master.pid"
            guard Folder.isOwn(left), let stamp = (try? FileStamp.of(path)) ?? nil, stamp.size > 0,
                let lock = try? ProcessLock.take(path)
            else { continue }
            Folder.removeTree(left)
            withExtendedLifetime(lock) {}
        }
    }
}
