import AppCmd
import Configuration

/// An instance in memory.
final class TestInstance: Instance {
    var text: String
    var files: [String: String] = [:]
    var running: LiveState?
    var atWork: [LiveRequest]?
    var piped = ""
    /// What a server that is there answers instead of its states.
    var silence: InstanceFailure?
    /// Of the next changes.
    var refusals: [InstanceFailure] = []
    private(set) var inputs = 0
    var kept: [String] = []
    private(set) var orders: [LiveOrder] = []
    private(set) var comments: [String] = []

    static let path = "/srv/hosting/applicationHost.config"

    init(_ text: String = TestInstance.usual) { self.text = text }

    /// A server with the objects that the reference's examples name.
    static let usual = """
        <?xml version="1.0" encoding="UTF-8"?>
        <configuration>
            <system.applicationHost>
                <applicationPools>
                    <add name="DefaultAppPool" managedRuntimeVersion="v4.0" />
                    <add name="Plain" autoStart="false"/>
                </applicationPools>
                <sites>
                    <site name="Default Web Site" id="1">
                        <application path="/">
                            <virtualDirectory path="/" physicalPath="%SystemDrive%/inetpub/wwwroot" />
                        </application>
                        <application path="/app1" applicationPool="Plain">
                            <virtualDirectory path="/" physicalPath="/srv/app1" />
                            <virtualDirectory path="/vdir1" physicalPath="/srv/vdir1" />
                        </application>
                        <bindings>
                            <binding protocol="http" bindingInformation="*:80:" />
                            <binding protocol="https" bindingInformation="*:443:h" />
                        </bindings>
                    </site>
                    <site name="MySite" id="7" serverAutoStart="false">
                        <application path="/">
                            <virtualDirectory path="/" physicalPath="/srv/mine" />
                        </application>
                    </site>
                </sites>
            </system.applicationHost>
        </configuration>

        """

    static let started = LiveState(
        sites: ["default web site": "Started", "mysite": "Stopped"],
        pools: ["defaultapppool": "Started", "plain": "Stopped"],
        workers: [.init(pid: 3577, pool: "DefaultAppPool")])

    func server() throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(bytes: Array(text.utf8), path: Self.path)
    }

    func bytes(of path: String) throws(ConfigurationError) -> [UInt8]? { files[path].map { Array($0.utf8) } }

    func isFolder(_ path: String) -> Bool { true }

    func live() throws(InstanceFailure) -> LiveState? {
        if let silence { throw silence }
        return running
    }

    func requests() throws(InstanceFailure) -> [LiveRequest]? {
        if let silence { throw silence }
        return atWork
    }

    func order(_ order: LiveOrder, timeout: UInt32?) throws(InstanceFailure) { orders.append(order) }

    func submit(_ changes: [ChangedFile], comment: String) throws(InstanceFailure) {
        if let refusal = refusals.popLast() { throw refusal }
        for change in changes {
            let new = String(decoding: change.new, as: UTF8.self)
            let old = change.isServerFile ? text : files[change.path]
            guard change.old == old.map({ Array($0.utf8) }) else { throw InstanceFailure(.conflict, "It was changed.") }
            if change.isServerFile { text = new } else { files[change.path] = new }
        }
        comments.append(comment)
    }

    func seal(_ text: String) throws(InstanceFailure) -> String { "[enc:Test:\(text.utf8.count):enc]" }

    func input() throws(InstanceFailure) -> [UInt8] {
        inputs += 1
        return Array(piped.utf8)
    }

    func backups() -> [String] { kept }

    func addBackup(_ name: String?) throws(InstanceFailure) -> String {
        let name = name ?? "20261128T120000"
        guard !kept.contains(name) else { throw InstanceFailure(.exists, "There is one.") }
        kept.append(name)
        return name
    }

    func deleteBackup(_ name: String) throws(InstanceFailure) { kept.removeAll { $0 == name } }

    func restoreBackup(_ name: String) throws(InstanceFailure) {
        guard kept.contains(name) else { throw InstanceFailure(.missing, "There is none.") }
    }

    // MARK: Asking

    func run(_ words: String...) -> Answer { AppCmd.run(words, self) }

    /// The output with lines that end in a line feed.
    func says(_ words: String...) -> String { AppCmd.run(words, self).text() }
}
