/// What a `ConfigurationSystem` found in a folder when it looked for a web.config there.
public struct WebConfigReading: Sendable {
    private enum Content: Sendable {
        case nothing
        /// It holds the whole version of the configuration that it was read under.
        case place(PathConfiguration)
        case settled(fileName: String?, ConfigurationFile?, ConfigurationError?)
    }

    /// Where the folder stands, as whoever asked spells it.
    public let path: ConfigurationPath
    /// The physical folder; nil for one that is not there.
    public let folder: String?
    public let isApplicationRoot: Bool
    private let content: Content

    init(_ place: PathConfiguration) {
        path = place.path
        folder = place.folder ?? place.absentFolder
        isApplicationRoot = place.isApplicationRoot
        content = place.webConfig?.document == nil && place.webConfig?.error == nil ? .nothing : .place(place)
    }

    /// There is no file.
    public init(nothingAt path: ConfigurationPath) {
        self.path = path
        folder = nil
        isApplicationRoot = false
        content = .nothing
    }

    private init(_ reading: WebConfigReading, _ content: Content) {
        path = reading.path
        folder = reading.folder
        isApplicationRoot = reading.isApplicationRoot
        self.content = content
    }

    /// The same by itself: it can be kept for long.
    public var settled: WebConfigReading {
        guard case .place = content else { return self }
        return WebConfigReading(self, .settled(fileName: fileName, file, problem))
    }

    public var isFound: Bool { if case .nothing = content { false } else { true } }

    /// How the file's name is spelled; nil where there is none, or two.
    public var fileName: String? {
        switch content {
        case .nothing: nil
        case .place(let place): place.webConfig?.fileName
        case .settled(let name, _, _): name
        }
    }

    /// Its structure; nil where it cannot be read or is not XML.
    public var file: ConfigurationFile? {
        switch content {
        case .nothing: nil
        case .place(let place): place.file
        case .settled(_, let file, _): file
        }
    }

    /// What is wrong with it and makes its folder answer 500.19, the first thing; nil for a sound one. What another file
    /// does wrong is not it.
    public var problem: ConfigurationError? {
        switch content {
        case .nothing: return nil
        case .settled(_, _, let problem): return problem
        case .place(let place):
            if let error = place.webConfig?.error { return error }
            guard let own = place.file?.document.path else { return nil }
            do throws(ConfigurationError) {
                try place.validate()
                return nil
            } catch {
                return error.file == own ? error : place.file?.problems.first
            }
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
