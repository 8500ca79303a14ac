internal import Configuration
internal import Platform

/// Where folders of another Linux server lie on this one: `/srv/shop=/sites/shop`, the longest that fits.
public struct FolderMap: Sendable {
    public struct Entry: Hashable, Sendable {
        /// As the configuration writes it, variables and all; without a slash at the end.
        public let there: String
        /// Absolute, without a slash at the end but for the root.
        public let here: String

        /// Nil where `text` is not `THERE=HERE` with two absolute paths; the first may begin with a variable.
        public init?(_ text: String) {
            guard let sign = text.lastIndex(of: "=") else { return nil }
            let (there, here) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
            guard there.hasPrefix("/") || there.hasPrefix("%"), here.hasPrefix("/"),
                !here.split(separator: "/").contains("..")
            else { return nil }
            self.there = FilePath.trimmed(there)
            self.here = FilePath.trimmed(here)
        }
    }

    private let entries: [Entry]

    public init(_ entries: [Entry]) { self.entries = entries.sorted { $0.there.utf8.count > $1.there.utf8.count } }

    /// The path here; nil where no entry holds it.
    public func path(of written: String) -> String? {
        for entry in entries where written.hasPrefix(entry.there) {
            let rest = written.dropFirst(entry.there.count)
            guard entry.there == "/" || rest.isEmpty || rest.first == "/" else { continue }
            // It would lead out of the folder that somebody chose.
            guard !rest.split(separator: "/").contains("..") else { return nil }
            let tail = entry.there == "/" ? "/\(rest)" : String(rest)
            return entry.here == "/" ? (tail.isEmpty ? "/" : tail) : entry.here + (tail == "/" ? "" : tail)
        }
        return nil
    }

    /// The configuration with every path of a file or folder mapped that its sections write.
    func applied(to server: ServerConfiguration) throws(ConfigurationError) -> ServerConfiguration {
        guard !entries.isEmpty else { return server }
        var edit = DocumentEdit(server.file.document)
        WrittenElements.visit(server) { _, element, schema in
            for attribute in element.attributes where schema.attribute(attribute.name)?.isExpanded == true {
                if let path = path(of: attribute.value) { edit.set(attribute.name, to: path, on: element) }
            }
            return true
        }
        return try server.replacingFile(try edit.applied().stored)
    }
}

/// Everything that a server's file writes and its schema knows.
enum WrittenElements {
    /// Calls `body` with each section, and with each element in it as long as it answers true, in the file's order.
    static func visit(
        _ server: ServerConfiguration, _ body: (_ section: String, DocumentElement, ElementSchema) -> Bool
    ) {
        for occurrence in server.file.occurrences {
            guard let schema = server.schema.section(occurrence.section) else { continue }
            visit(occurrence.section, occurrence.element, schema, body)
        }
    }

    private static func visit(
        _ section: String, _ element: DocumentElement, _ schema: ElementSchema,
        _ body: (String, DocumentElement, ElementSchema) -> Bool
    ) {
        guard body(section, element, schema) else { return }
        for child in element.children {
            if let known = schema.collection?.item(child.name) ?? schema.element(child.name) {
                visit(section, child, known, body)
            }
        }
    }
}
