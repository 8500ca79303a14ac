import BuiltInFiles
import Configuration
import Platform

/// An instance of one's own: a complete applicationHost.config with IIS's defaults, one site, one pool, and the folders
/// for content and state.
///
///     DIR/applicationHost.config
///     DIR/content/index.html      the default site
///     DIR/state/logs
public struct NewInstance: Sendable {
    public let configurationPath: String
    public let statePath: String
    public let port: UInt16

    /// In the folder `path`, an absolute path; the default site listens on `port`.
    public init(folder path: String, port: UInt16) {
        configurationPath = "\(path)/applicationHost.config"
        statePath = "\(path)/state"
        contentPath = "\(path)/content"
        self.port = port
    }

    private let contentPath: String

    /// Why there is no new instance.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Writes what is missing. An applicationHost.config that is there already is an error and stays; so does content.
    public func write() throws(Failure) {
        let bytes = try configuration()
        do throws(FileError) {
            guard try FileStamp.of(configurationPath) == nil else { throw FileError(configurationPath, .changed) }
            try Folder.make(contentPath)
            try Folder.makeOwned(statePath)
            try Folder.makeOwned("\(statePath)/logs")
            let page = DocumentFile("\(contentPath)/index.html")
            if try page.read() == nil { try page.commit(Array(Self.page.utf8), replacing: nil) }
            try DocumentFile(configurationPath).commit(bytes, replacing: nil)
        } catch {
            guard error.kind == .changed else { throw Failure(description: error.description) }
            throw Failure(description: "\(error.path) exists already and is left as it is")
        }
    }

    /// The built-in server configuration with a pool and a site in it.
    private func configuration() throws(Failure) -> [UInt8] {
        guard let builtIn = BuiltInFile.applicationHost else {
            throw Failure(description: "the built-in configuration is missing from the program")
        }
        do throws(ConfigurationError) {
            return try Self.configuration(from: Document(bytes: builtIn.bytes, path: builtIn.path), port: port)
        } catch {
            throw Failure(description: error.description)
        }
    }

    private static func configuration(from document: Document, port: UInt16) throws(ConfigurationError) -> [UInt8] {
        guard let server = document.root.child("system.applicationHost"), let sites = server.child("sites"),
            let pools = server.child("applicationPools")
        else { throw ConfigurationError(file: document.path, line: 0, "There are no sections for sites and pools") }
        var edit = DocumentEdit(document)
        edit.insert("<add name=\"DefaultAppPool\"/>", in: pools)
        edit.insert(
            """
            <site name="Default Web Site" id="1">
                            <application path="/">
                                <virtualDirectory path="/" physicalPath="%HOSTELRY_CONFIG_DIR%/content"/>
                            </application>
                            <bindings>
                                <binding protocol="http" bindingInformation="*:\(port):"/>
                            </bindings>
                        </site>
            """, in: sites)
        return try edit.applied().stored
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Hostelry</title>
        <style>
            :root { color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif }
            main { max-width: 38rem; margin: 15vh auto; padding: 0 1.5rem }
            code { font-size: 0.95em }
        </style>
        <main>
            <h1>It works</h1>
            <p>This is the default site of a new Hostelry instance. Put your own pages in place of this file,
            <code>content/index.html</code>, or add sites to <code>applicationHost.config</code> beside its folder.</p>
        </main>
        </html>

        """
}
