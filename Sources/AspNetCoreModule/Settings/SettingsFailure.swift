public import Configuration
public import HostModel
public import Wire

/// Why an application's section cannot be used: event 1034, and 500.0 without a page.
public struct SettingsFailure: Error, Equatable, Sendable {
    /// What is wrong, as the event has it.
    public let text: String
    /// Where, for people: `file:line: text`; nil where the section reads well and makes no sense.
    public let place: String?

    public init(_ mistake: BackendSection.Mistake) {
        text = mistake.text
        place = nil
    }

    /// A section that cannot be read at all.
    public init(_ error: ConfigurationError, section: String = BackendSettings.Dialect.aspNetCore.section) {
        text =
            "Unable to get required configuration section '\(section)'. Possible reason is web.config authoring error."
        place = error.description
    }

    /// The entry for the event log.
    public func event(_ place: ApplicationPlace) -> ModuleNotice {
        let reason = [text, self.place].compactMap(\.self).joined(separator: "\n")
        return ModuleNotice(
            1034, .error, "Could not load configuration. Exception message:\n\(reason)", site: place.siteName,
            application: place.path)
    }
}
