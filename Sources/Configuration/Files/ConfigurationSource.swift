internal import Platform

/// `configSource`: a section's content in a file of its own, in the web.config's folder or below (reference §3.7).
enum ConfigurationSource {
    /// The root element of the file that `element`'s `configSource` names.
    static func read(_ target: String, of element: DocumentElement) throws(ConfigurationError) -> DocumentElement {
        func refused(_ detail: String) -> ConfigurationError {
            .at(element, "Specified configSource cannot be parsed", detail: detail)
        }
        let path = target.replacing("\\", with: "/")
        guard !path.isEmpty, !path.hasPrefix("/"), !path.contains(":"), !path.split(separator: "/").contains("..")
        else {
            throw refused("'\(target)' is not a relative path in the folder of the file or below")
        }
        let written = element.attributes.contains { attribute in
            attribute.name != ReservedAttributes.configSource && !ReservedAttributes.contains(attribute.name)
        }
        guard !written, !element.hasChildren else {
            throw refused("an element with a configSource holds nothing else")
        }
        let folder = element.document.path.lastIndex(of: "/").map { element.document.path[..<$0] } ?? "."
        let document: Document
        do throws(ConfigurationError) {
            let file = "\(folder)/\(path)"
            document = try Document(bytes: FileAccess.read(file, with: FileAccess.webConfig).bytes, path: file)
        } catch {
            throw refused(error.description)
        }
        guard document.root.name == element.name else {
            throw refused("the root element of \(document.path) is <\(document.root.name)>")
        }
        return document.root
    }
}
