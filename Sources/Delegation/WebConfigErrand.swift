public import Administration

/// What a process does that runs as the user whose web.config it is: all that it has to know, and what comes of it.
struct WebConfigErrand: Equatable, Sendable {
    /// The server's configuration as far as the pool's own workers may see it.
    struct Server: Equatable, Sendable {
        /// How errors name the file.
        let path: String
        /// What `%HOSTELRY_CONFIG_DIR%` stands for.
        let folder: String
        let text: String
        let schemaFiles: [SchemaFile]
    }

    struct SchemaFile: Equatable, Sendable {
        let path: String
        let text: String
    }

    let order: WebConfigOrder
    /// Where the file lies.
    let folder: String
    let server: Server

    // MARK: As one line of JSON: the request as the control socket has it, and what goes with it.

    var line: String {
        JSONValue.object([
            "request": .text(ControlRequest(.webConfig(order)).line), "folder": .text(folder),
            "serverPath": .text(server.path), "serverFolder": .text(server.folder), "server": .text(server.text),
            "schemaFiles": .array(
                server.schemaFiles.map { .object(["path": .text($0.path), "text": .text($0.text)]) }),
        ]).line
    }

    init(order: WebConfigOrder, folder: String, server: Server) {
        self.order = order
        self.folder = folder
        self.server = server
    }

    init?(line: [UInt8]) {
        guard let value = try? JSONReader.read(line), let request = value["request"]?.string,
            case .webConfig(let order)? = (try? ControlRequest(line: Array(request.utf8)))?.operation,
            let folder = value["folder"]?.string, let path = value["serverPath"]?.string,
            let serverFolder = value["serverFolder"]?.string, let text = value["server"]?.string,
            let files = value["schemaFiles"]?.elements
        else { return nil }
        let schemaFiles = files.compactMap { file in
            file["path"]?.string.flatMap { path in file["text"]?.string.map { SchemaFile(path: path, text: $0) } }
        }
        self.init(
            order: order, folder: folder,
            server: Server(path: path, folder: serverFolder, text: text, schemaFiles: schemaFiles))
    }
}

/// What came of it.
public struct WebConfigReport: Equatable, Sendable {
    /// The file's path.
    public let file: String
    /// What it holds now, or would after a trial; nil where there is no file.
    public let text: String?
    /// Of `text`: what a later write replaces.
    public let hash: String?
    /// The sections that are different from before.
    public let sections: [String]
    /// Whether the file was written: identical bytes are not.
    public let isWritten: Bool

    public init(file: String, text: String?, hash: String?, sections: [String] = [], isWritten: Bool = false) {
        self.file = file
        self.text = text
        self.hash = hash
        self.sections = sections
        self.isWritten = isWritten
    }

    public var members: [JSONValue.Member] {
        [
            .init("file", .text(file)), .init("text", .optional(text)), .init("hash", .optional(hash)),
            .init("sections", .array(sections.map { .text($0) })), .init("written", .boolean(isWritten)),
        ]
    }

    public init?(_ members: [JSONValue.Member]) {
        let value = JSONValue.object(members)
        guard let file = value["file"]?.string, let sections = value["sections"]?.elements else { return nil }
        self.init(
            file: file, text: value["text"]?.string, hash: value["hash"]?.string,
            sections: sections.compactMap(\.string), isWritten: value["written"]?.flag ?? false)
    }
}
