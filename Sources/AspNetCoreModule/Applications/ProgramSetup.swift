import Configuration
import HostModel
import Platform

/// All that an application's program is started from. Another one starts it anew.
struct ProgramSetup: Equatable, Sendable {
    let settings: BackendSettings
    let place: ApplicationPlace
    /// What the rules of its pool look at.
    let hosted: HostedApplication
    /// Of the web.config files that are read for the application: touching one starts it anew.
    let stamps: [FileStamp?]
}

extension ProgramSetup: YieldingSetup {
    /// `disallowRotationOnConfigChange`: whatever the configuration says, the program goes on. What its files are made for
    /// counts when it starts, and is no change of the configuration.
    func yields(to new: ProgramSetup?) -> Bool {
        guard !settings.disallowsRotationOnConfigChange else { return false }
        guard let new else { return true }
        return new.settings != settings || new.place != place || new.stamps != stamps
    }
}

/// Why an application may not run, until something changes.
enum ProgramFailure: Equatable, Sendable {
    /// Its settings cannot be read or make no sense.
    case settings(SettingsFailure)
    /// What else runs in the pool, or what it is built for, forbids it.
    case hosting(HostingRules.Refusal, ProgramSetup)
}
