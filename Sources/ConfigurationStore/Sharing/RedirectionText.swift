public import Configuration

/// The text of a redirection.config that says something else than before. What stands around it stays as it is.
public enum RedirectionText {
    private static let empty = """
        <?xml version="1.0" encoding="UTF-8"?>
        <configuration>
            <configSections>
                <section name="configurationRedirection" />
            </configSections>
            <configurationRedirection />
        </configuration>

        """

    /// The file's bytes with the redirection on. `old`: the bytes before, nil where there is no file.
    public static func enabling(
        _ folder: SharedFolder, userName: String?, in old: [UInt8]?, file: String
    ) throws(ConfigurationError) -> [UInt8] {
        var values = [("enabled", "true"), ("path", folder.path)]
        if let userName { values.append(("userName", userName)) }
        return try setting(values, in: old, file: file)
    }

    /// The file's bytes with the redirection off; the folder stays named.
    public static func disabling(in old: [UInt8], file: String) throws(ConfigurationError) -> [UInt8] {
        try setting([("enabled", "false")], in: old, file: file)
    }

    private static func setting(
        _ values: [(name: String, value: String)], in old: [UInt8]?, file: String
    ) throws(ConfigurationError) -> [UInt8] {
        var document = try Document(bytes: old ?? Array(empty.utf8), path: file)
        if document.root.child(Redirection.section) == nil {
            // It is declared, or `Redirection` refuses what comes out.
            var edit = DocumentEdit(document)
            edit.insert(
                "<\(Redirection.section) />", in: document.root, after: Array(document.root.children).last)
            document = try edit.applied().document
        }
        var edit = DocumentEdit(document)
        if let element = document.root.child(Redirection.section) {
            for (name, value) in values { edit.set(name, to: value, on: element) }
        }
        let stored = try edit.applied().stored
        _ = try Redirection(stored, file: file)
        return stored
    }
}
