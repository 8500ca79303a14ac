internal import Platform

/// The files that make a server's configuration, and copies of them in a folder: for backups and the configuration
/// history.
struct ConfigurationFiles {
    enum Part { case server, administration, redirection, schema }

    /// A file's name in a copy, for example `schema/my_schema.xml`, and what it holds.
    typealias Content = [String: [UInt8]]

    static let serverName = "applicationHost.config"
    static let administrationName = "administration.config"
    private static let names: [(Part, String)] = [
        (.administration, administrationName), (.redirection, "redirection.config"),
    ]

    /// The server's file, by whatever name.
    let configuration: String

    private var folder: String {
        String(configuration[..<(configuration.lastIndex(of: "/") ?? configuration.startIndex)])
    }

    /// Where a file of a copy belongs; nil for what is none of the configuration's.
    func place(of name: String) -> String? {
        if name == Self.serverName { return configuration }
        if Self.names.contains(where: { $0.1 == name }) { return "\(folder)/\(name)" }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "schema", parts[1].hasSuffix(".xml") else { return nil }
        return "\(folder)/\(name)"
    }

    /// Those that are there.
    func read(_ parts: Set<Part>) throws(FileError) -> Content {
        var content: Content = [:]
        if parts.contains(.server) { content[Self.serverName] = try DocumentFile(configuration).read()?.bytes }
        for (part, name) in Self.names where parts.contains(part) {
            content[name] = try DocumentFile("\(folder)/\(name)").read()?.bytes
        }
        if parts.contains(.schema) { try Self.readSchema(in: folder, into: &content) }
        return content
    }

    /// Those with passwords in them; the others are schema files.
    private static var configurationNames: [String] { [serverName] + names.map(\.1) }

    /// The files as copies hold them.
    ///
    /// - Parameter leavesOutMistakes: a file beside the server's that is no configuration is not copied; else it is an error.
    func sealed(
        _ content: Content, state: String, leavesOutMistakes: Bool = false
    ) throws(SealedCopy.Failure) -> Content {
        let copy = try SealedCopy(state: state, schemaFolder: "\(folder)/schema")
        var sealed = content
        for name in Self.configurationNames {
            guard let bytes = content[name] else { continue }
            do throws(SealedCopy.Failure) {
                sealed[name] = try copy.bytes(of: bytes, path: place(of: name) ?? name)
            } catch {
                guard error.isMistake, leavesOutMistakes, name != Self.serverName else { throw error }
                sealed[name] = nil
            }
        }
        return sealed
    }

    /// What a folder holds of a configuration.
    static func copied(in folder: String) throws(FileError) -> Content {
        var content: Content = [:]
        for name in configurationNames {
            content[name] = try DocumentFile("\(folder)/\(name)").read()?.bytes
        }
        try readSchema(in: folder, into: &content)
        return content
    }

    private static func readSchema(in folder: String, into content: inout Content) throws(FileError) {
        let schema = "\(folder)/schema"
        for name in (try? Folder.names(in: schema)) ?? [] where name.hasSuffix(".xml") {
            content["schema/\(name)"] = try DocumentFile("\(schema)/\(name)").read()?.bytes
        }
    }

    /// Makes the folder with these files, as a whole or not at all. Nobody else may read them: they may hold passwords.
    static func copy(_ content: Content, to folder: String) throws(FileError) {
        let slash = folder.lastIndex(of: "/") ?? folder.startIndex
        let draft = "\(folder[..<slash])/.\(folder[folder.index(after: slash)...]).new"
        Folder.removeTree(draft)
        do throws(FileError) {
            try Folder.makePrivate(draft)
            try Folder.giveToOwner(ofFolderOf: draft)
            for (name, bytes) in content.sorted(by: { $0.key < $1.key }) {
                if name.contains("/") {
                    try Folder.makePrivate("\(draft)/schema")
                    try Folder.giveToOwner(ofFolderOf: "\(draft)/schema")
                }
                let path = "\(draft)/\(name)"
                try DocumentFile(path, creationMode: 0o600).commit(bytes, replacing: nil)
                try Folder.giveToOwner(ofFolderOf: path)
            }
            try Folder.move(draft, to: folder)
        } catch {
            Folder.removeTree(draft)
            throw error
        }
    }
}
