public import Configuration

/// An applicationHost.config of Windows made ready for this server, and what became of everything in it.
///
///     bytes of Windows ─► Document ─► each attribute: path? account? secret? ─► DocumentEdit ─► bytes for here
///                              └────► each section: verdict ─────────────────► rows of the report
///
/// Nothing is dropped: what means nothing here stays where it is and is listed. Comments and layout stay.
public struct WindowsImport: Sendable {
    /// How the accounts and folders of the Windows machine are called here.
    public struct Mapping: Sendable {
        public let paths: WindowsPathMap
        /// By the Windows account's name in small letters.
        public let accounts: [String: String]

        public init(paths: WindowsPathMap, accounts: [String: String]) {
            self.paths = paths
            self.accounts = Dictionary(accounts.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        }
    }

    /// What became of one section or attribute.
    public struct Row: Hashable, Sendable {
        public enum Outcome: String, Sendable {
            /// As on Windows.
            case works
            /// Written anew for this server, or done by something of its own.
            case replaced
            /// An administrator must decide.
            case decide
        }

        /// Nil for the one that is imported.
        public let file: String?
        public let line: Int
        public let section: String
        /// Empty for the section as a whole.
        public let attribute: String
        /// Never a secret.
        public let value: String
        public private(set) var outcome: Outcome
        /// Empty where there is nothing to say.
        public private(set) var note: String

        /// Of a path in a section that does nothing here.
        static let keptNote = "it is kept as it is"

        init(
            file: String? = nil, line: Int, section: String, attribute: String, value: String, outcome: Outcome,
            note: String
        ) {
            self.file = file
            self.line = line
            self.section = section
            self.attribute = attribute
            self.value = value
            self.outcome = outcome
            self.note = note
        }

        /// An administrator must look at it after all.
        mutating func decide(_ note: String) {
            outcome = .decide
            self.note = note
        }
    }

    /// The file for this server, in the encoding of the original.
    public let bytes: [UInt8]
    /// In the order of the file.
    public let rows: [Row]

    public init(_ document: Document, schema: Schema, mapping: Mapping) throws(ConfigurationError) {
        var reading = WindowsReading(document, schema: schema, mapping: mapping)
        reading.read()
        let applied = try reading.edit.applied()
        bytes = applied.stored
        rows = reading.rows
    }
}
