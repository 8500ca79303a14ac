internal import Platform

/// `configSource`: a section's content in a file of its own, in the web.config's folder or below (reference §3.7).
enum ConfigurationSource {
    /// The path of the file that `element`'s `configSource` names with `target`.
    static func file(_ target: String, of element: DocumentElement) throws(ConfigurationError) -> String {
        let path = target.replacing("\\", with: "/")
        guard !path.isEmpty, !path.hasPrefix("/"), !path.contains(":"), !path.split(separator: "/").contains("..")
        else {
            throw refused(element, "'\(target)' is not a relative path in the folder of the file or below")
        }
        let written = element.attributes.contains { attribute in
            attribute.name != ReservedAttributes.configSource && !ReservedAttributes.contains(attribute.name)
        }
        guard !written, !element.hasChildren else {
            throw refused(element, "an element with a configSource holds nothing else")
        }
        let folder = element.document.path.lastIndex(of: "/").map { element.document.path[..<$0] } ?? "."
        return "\(folder)/\(path)"
    }

    /// The root element of `file`, which `element`'s `configSource` names.
    static func read(_ file: String, of element: DocumentElement) throws(ConfigurationError) -> DocumentElement {
        let document: Document
        do throws(ConfigurationError) {
            document = try Document(bytes: FileAccess.read(file, with: FileAccess.webConfig).bytes, path: file)
        } catch {
            throw refused(element, error.description)
        }
        guard document.root.name == element.name else {
            throw refused(element, "the root element of \(document.path) is <\(document.root.name)>")
        }
        return document.root
    }

    private static func refused(_ element: DocumentElement, _ detail: String) -> ConfigurationError {
        .at(element, "Specified configSource cannot be parsed", detail: detail)
    }
}
