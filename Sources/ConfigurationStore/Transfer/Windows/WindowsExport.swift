public import Configuration

/// The configuration as Windows reads it, and what of it could not be said there.
///
///     ServerConfiguration ─► each element and attribute: ours? secret? path? account? ─► DocumentEdit ─► bytes for Windows
///                                                    └────────────────────────────────► rows
///
/// The way back of `WindowsImport`: with the same maps the import of the outcome gives what was exported, but for what is
/// left out. Comments and layout stay.
public struct WindowsExport: Sendable {
    /// What became of one attribute or element.
    public struct Row: Hashable, Sendable {
        public enum Outcome: String, Sendable {
            /// Only this server knows it.
            case leftOut = "left out"
            /// A secret that no key of Windows opens.
            case secret
            /// Called as on Windows.
            case replaced
            /// An administrator must decide.
            case decide
        }

        public let line: Int
        public let section: String
        /// ELEMENT/NAME; the element alone for one that is left out whole.
        public let attribute: String
        /// Never a secret.
        public let value: String
        public let outcome: Outcome
        public let note: String
    }

    /// The file in the encoding of the original.
    public let bytes: [UInt8]
    /// In the order of the file.
    public let rows: [Row]
    /// How messages name the file.
    public let path: String

    public init(_ server: ServerConfiguration, mapping: WindowsImport.Mapping) throws(ConfigurationError) {
        var writing = WindowsWriting(server, mapping)
        writing.write()
        bytes = try writing.edit.applied().stored
        rows = writing.rows
        path = server.file.document.path
    }
}
