/// What a `ConfigurationSystem` found in a folder when it looked for a web.config there.
public struct WebConfigReading: Sendable {
    /// Where the folder stands, as whoever asked spells it.
    public let path: ConfigurationPath
    public let isApplicationRoot: Bool
    /// Nil where there is no web.config.
    private let place: PathConfiguration?

    init(_ place: PathConfiguration) {
        path = place.path
        isApplicationRoot = place.isApplicationRoot
        self.place = place.webConfig?.document == nil && place.webConfig?.error == nil ? nil : place
    }

    /// There is no file.
    public init(nothingAt path: ConfigurationPath) {
        self.path = path
        isApplicationRoot = false
        place = nil
    }

    public var isFound: Bool { place != nil }

    /// How the file's name is spelled; nil where there is none, or two.
    public var fileName: String? { place?.webConfig?.fileName }

    /// Its structure; nil where it cannot be read or is not XML.
    public var file: ConfigurationFile? { place?.file }

    /// What is wrong with it and makes its folder answer 500.19, the first thing; nil for a sound one. What another file
    /// does wrong is not it.
    public var problem: ConfigurationError? {
        if let error = place?.webConfig?.error { return error }
        guard let place, let own = place.file?.document.path else { return nil }
        do throws(ConfigurationError) {
            try place.validate()
            return nil
        } catch {
            return error.file == own ? error : place.file?.problems.first
        }
    }
}

/// Whoever wants to hear of the web.config files that a `ConfigurationSystem` reads, each time anew. Called on whatever
/// thread asks the system, which waits: it returns at once.
public protocol WebConfigObserver: AnyObject, Sendable {
    /// A folder's file was read, or a folder that the system remembers has none.
    func read(_ reading: WebConfigReading)
    /// There is no such folder. Said each time it is looked for.
    func foundNothing(at path: ConfigurationPath)
}
