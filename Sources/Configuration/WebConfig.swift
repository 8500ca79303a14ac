internal import Platform

/// The web.config of one folder, in any case of letters: found, read, or the reason why not; and whether it is still so.
struct WebConfig: Sendable {
    let document: Document?
    /// What any use of configuration at or below the folder answers.
    let error: ConfigurationError?
    private let folder: String
    private let lookup: NameLookup?
    /// Nil where there is no file.
    let stamp: FileStamp?
    /// Whether a later change of the file is certain to change its stamp; one that was read in the tick of its writing is
    /// read again.
    private let isStampFinal: Bool
    /// Whether the file makes no sense and was written to a moment ago: a writer that empties it before filling it may
    /// not be done.
    let isBeingWritten: Bool

    /// How old a file that makes no sense must be to be taken for what its writer meant. Unit: nanoseconds.
    private static let settlingTime: Int64 = 50_000_000

    /// Nil where the folder does not exist; a folder that must (`isRequired`) is an error then.
    init?(inFolder folder: String, isRequired: Bool = false) {
        self.folder = folder
        var lookup: NameLookup?
        var stamp: FileStamp?
        var document: Document?
        var failure: ConfigurationError?
        do throws(ConfigurationError) {
            lookup = try Self.find(inFolder: folder, previous: nil)
            if lookup == nil {
                guard isRequired else { return nil }
                throw ConfigurationError(
                    file: "\(folder)/web.config", line: 0, "Cannot read configuration file",
                    detail: "the folder does not exist", code: .pathNotFound)
            }
            if let spelling = lookup?.spelling {
                let path = "\(folder)/\(spelling)"
                stamp = try? FileStamp.of(path)
                let contents = try FileAccess.read(path, with: FileAccess.webConfig)
                stamp = contents.stamp
                document = try Document(bytes: contents.bytes, path: path)
            }
        } catch {
            failure = error
        }
        self.lookup = lookup
        self.stamp = stamp
        self.document = document
        error = failure
        let now = FileStamp.now()
        isStampFinal = stamp?.isSettled(at: now) ?? true
        let isFound = lookup?.spelling != nil && failure?.code == ConfigurationError.Code.invalidData.rawValue
        // A clock that was set back is no reason to wait for ever.
        let age = stamp.map { now - $0.modified } ?? .max
        isBeingWritten = isFound && (0..<Self.settlingTime).contains(age)
    }

    /// How the file's name is spelled; nil where there is none, or two.
    var fileName: String? { lookup?.spelling }

    /// A file that stands in no folder of a site.
    init(_ document: Document) {
        self.document = document
        error = nil
        folder = ""
        lookup = nil
        stamp = nil
        isStampFinal = true
        isBeingWritten = false
    }

    /// Looks at the folder and the file again.
    func isCurrent() -> Bool {
        guard let now = try? Self.find(inFolder: folder, previous: lookup) else { return lookup == nil }
        guard now.spelling == lookup?.spelling, lookup != nil else { return false }
        guard let spelling = lookup?.spelling else { return true }
        guard let current = try? FileStamp.of("\(folder)/\(spelling)") else { return false }
        return current == stamp && isStampFinal
    }

    private static func find(inFolder folder: String, previous: NameLookup?) throws(ConfigurationError) -> NameLookup? {
        do throws(FileError) {
            return try NameLookup.find("web.config", inFolder: folder, previous: previous)
        } catch {
            throw ConfigurationError(error)
        }
    }
}
