internal import BuiltInFiles
public import Platform

/// The server level: the schema, applicationHost.config and, beneath a file without `configSections`, the built-in
/// sections, modules, handlers and MIME types.
public struct ServerConfiguration: Sendable {
    public let schema: Schema
    public let file: ConfigurationFile
    /// Nil for a file that is complete in itself.
    public let builtIn: ConfigurationFile?
    public let environment: EnvironmentVariables
    /// What the schema has on top of the built-in files.
    public let schemaFiles: [(path: String, bytes: [UInt8])]
    /// The state of the file that was read; nil where the bytes came from elsewhere.
    public let stamp: FileStamp?

    /// Reads `path` and merges the schema files (`schema/*.xml`) beside it.
    ///
    /// `%HOSTELRY_CONFIG_DIR%` is the file's folder; `variables` come on top. Throws for what is unreadable, not
    /// well formed, or a broken schema file; everything else is a problem of the file.
    public static func read(
        path: String, variables: [String: String] = [:]
    ) throws(ConfigurationError) -> ServerConfiguration {
        let contents = try FileAccess.read(path, with: FileAccess.server)
        let folder = Self.folder(of: path)
        return try ServerConfiguration(
            bytes: contents.bytes, path: path, schemaFiles: schemaFiles(in: folder + "/schema"),
            variables: variables.merging(["HOSTELRY_CONFIG_DIR": folder]) { given, _ in given }, stamp: contents.stamp)
    }

    /// `bytes` as on disk; `path` is how errors name them.
    public init(
        bytes: [UInt8], path: String, schemaFiles: [(path: String, bytes: [UInt8])] = [],
        variables: [String: String] = [:], stamp: FileStamp? = nil
    ) throws(ConfigurationError) {
        try self.init(
            Document(bytes: bytes, path: path), schema: Schema.builtIn(adding: schemaFiles), schemaFiles: schemaFiles,
            beneath: nil,
            environment: EnvironmentVariables(variables), stamp: stamp)
    }

    /// The same server with another text in its file.
    public func replacingText(_ text: [UInt8]) throws(ConfigurationError) -> ServerConfiguration {
        let document = try Document(text: text, encoding: file.document.encoding, path: file.document.path)
        return try ServerConfiguration(
            document, schema: schema, schemaFiles: schemaFiles, beneath: builtIn, environment: environment, stamp: stamp
        )
    }

    /// The same server with another document as its file.
    public func replacing(_ document: Document) throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            document, schema: schema, schemaFiles: schemaFiles, beneath: builtIn, environment: environment, stamp: nil)
    }

    /// The same server with another file, as on disk.
    public func replacingFile(_ bytes: [UInt8]) throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            Document(bytes: bytes, path: file.document.path), schema: schema, schemaFiles: schemaFiles,
            beneath: builtIn,
            environment: environment, stamp: nil)
    }

    /// The bytes of a server's file.
    public static func bytes(ofFile path: String) throws(ConfigurationError) -> [UInt8] {
        try FileAccess.read(path, with: FileAccess.server).bytes
    }

    /// The same; nil where there is no such file.
    public static func bytesIfThere(ofFile path: String) throws(ConfigurationError) -> [UInt8]? {
        do throws(ConfigurationError) {
            return try bytes(ofFile: path)
        } catch  where error.code == ConfigurationError.Code.fileNotFound.rawValue {
            return nil
        }
    }

    /// `known` is what is built in beneath it, where that has been read already.
    private init(
        _ document: Document, schema: Schema, schemaFiles: [(path: String, bytes: [UInt8])],
        beneath known: ConfigurationFile?, environment: EnvironmentVariables,
        stamp: FileStamp?
    ) throws(ConfigurationError) {
        self.schema = schema
        self.schemaFiles = schemaFiles
        self.environment = environment
        self.stamp = stamp
        let alone = ConfigurationFile(document, inheriting: .machine, schema: schema)
        if alone.declaresSections {
            file = alone
            builtIn = nil
            return
        }
        let beneath: ConfigurationFile
        if let known { beneath = known } else { beneath = try Self.builtInFile(schema) }
        builtIn = beneath
        file = ConfigurationFile(document, inheriting: beneath.declarations, schema: schema)
    }

    /// The schema files of a folder in the order of their names; none where there is no such folder.
    public static func schemaFiles(in folder: String) throws(ConfigurationError) -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for path in try schemaPaths(in: folder) {
            files.append((path, try FileAccess.read(path, with: FileAccess.server).bytes))
        }
        return files
    }

    /// The paths of a folder's schema files in the order of their names; none where there is no such folder.
    public static func schemaPaths(in folder: String) throws(ConfigurationError) -> [String] {
        let names: [String]
        do throws(FileError) {
            names = try FolderNames.filter(folder) { name in
                name.count > 4 && name.extracting(last: 4).elementsEqual(".xml")
            }
        } catch {
            if error.kind == .missing { return [] }
            throw ConfigurationError(error)
        }
        return names.sorted().map { "\(folder)/\($0)" }
    }

    /// Every problem of the server's file: its structure and what each section in it says.
    public func problems() -> [ConfigurationError] { file.problems + file.occurrences.flatMap(problems) }

    /// What some sections of the server's file say that is wrong, wherever in it they stand.
    public func problems(in sections: Set<String>) -> [ConfigurationError] {
        file.occurrences.filter { sections.contains($0.section) }.flatMap(problems)
    }

    private func problems(of occurrence: SectionOccurrence) -> [ConfigurationError] {
        guard let section = schema.section(occurrence.section) else { return [] }
        return SectionChecker.problems(of: occurrence.element, schema: section, isServerFile: true)
    }

    /// A section of the server level, read whatever problems it has (`problems()` tells them). One that nobody writes or
    /// declares has the schema's defaults; one that nobody describes is empty.
    public func section(_ name: String) -> Element {
        let schema = schema.section(name) ?? .unknown(name)
        var effective = EffectiveElement.empty(schema)
        for (file, isBuiltIn) in [(builtIn, true), (self.file, false)] {
            guard let occurrence = file?.occurrence(of: name, at: "") else { continue }
            let layer = Layer(
                element: occurrence.element, level: 0, isBuiltIn: isBuiltIn, locationPath: occurrence.location.path)
            // One level binds itself by no lock, and a server file overrides what is built in: nothing is refused.
            effective = (try? effective.adding(layer)) ?? effective
        }
        return Element(effective, environment: environment)
    }

    private static func builtInFile(_ schema: Schema) throws(ConfigurationError) -> ConfigurationFile {
        guard let file = BuiltInFile.applicationHost else {
            throw ConfigurationError(file: "built-in", line: 0, "Cannot read configuration file", code: .fileNotFound)
        }
        let document = try Document(bytes: file.bytes, path: file.path)
        return ConfigurationFile(document, inheriting: .machine, schema: schema)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension Span<UInt8> {
    fileprivate func elementsEqual(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.description.utf8.enumerated().allSatisfy { self[$0] == $1 }
    }
}
