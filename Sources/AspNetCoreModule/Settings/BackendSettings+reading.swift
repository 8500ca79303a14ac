public import Configuration
import HostModel

extension BackendSettings.Dialect {
    /// The section's name.
    public var section: String {
        switch self {
        case .aspNetCore: "system.webServer/aspNetCore"
        case .httpPlatform: "system.webServer/httpPlatform"
        }
    }
}

extension BackendSettings {
    /// Reads the section that holds for an application.
    ///
    /// - Parameters:
    ///   - configuration: of the application's root.
    ///   - environment: the worker's, for the one setting that it decides before the section does (`ANCM_shutdownDelay`).
    public init(
        reading configuration: PathConfiguration, _ dialect: Dialect,
        environment: [(name: String, value: String)] = []
    ) throws(SettingsFailure) {
        let section: Element
        do throws(ConfigurationError) {
            section = try configuration.section(dialect.section)
        } catch {
            throw SettingsFailure(error, section: dialect.section)
        }
        if let mistake = BackendSection.mistake(in: section) { throw SettingsFailure(mistake) }
        self.init(processPath: BackendSection.text("processPath", of: section))
        self.dialect = dialect
        arguments = BackendSection.text("arguments", of: section)
        startupTimeLimit = Int(section.integer("startupTimeLimit"))
        rapidFailsPerMinute = Int(section.integer("rapidFailsPerMinute"))
        requestTimeout = Int(section.duration("requestTimeout")?.components.seconds ?? 0)
        stdoutLogEnabled = section.bool("stdoutLogEnabled")
        stdoutLogFile = BackendSection.text("stdoutLogFile", of: section)
        processesPerApplication = Int(section.integer("processesPerApplication"))
        environmentVariables = Self.variables(section.element("environmentVariables"))
        switch dialect {
        case .aspNetCore:
            try readCoreAttributes(section)
            if (try? BackendHandlers(configuration))?.isFirstVersion == true { hostingModel = .outOfProcess }
        // One try at least: 0 is found in real files.
        case .httpPlatform: startAttempts = max(1, Int(section.integer("startupRetryCount")))
        }
        try readShutdownDelay(environment)
    }

    private mutating func readCoreAttributes(_ section: Element) throws(SettingsFailure) {
        shutdownTimeLimit = Int(section.integer("shutdownTimeLimit"))
        disableStartUpErrorPage = section.bool("disableStartUpErrorPage")
        for setting in section.element("handlerSettings").items {
            let name = setting.string("name").lowercased()
            if handlerSettings[name] == nil { handlerSettings[name] = setting.string("value") }
        }
        do throws(BackendSection.Mistake) {
            hostingModel = try BackendSection.isInProcess(section) ? .inProcess : .outOfProcess
        } catch {
            throw SettingsFailure(error)
        }
    }

    /// `handlerSettings` first, then the worker's `ANCM_shutdownDelay`, then the application's own variable of that name.
    private mutating func readShutdownDelay(_ environment: [(name: String, value: String)]) throws(SettingsFailure) {
        let name = "ancm_shutdowndelay"
        let candidates = [
            handlerSettings["shutdowndelay"], environment.first { $0.name.lowercased() == name }?.value,
            environmentVariables.first { $0.name.lowercased() == name }?.value,
        ]
        guard let text = candidates.compactMap(\.self).first(where: { !$0.isEmpty }) else { return }
        do throws(BackendSection.Mistake) {
            shutdownDelay = try BackendSection.milliseconds(ofShutdownDelay: text)
        } catch {
            throw SettingsFailure(error)
        }
    }

    /// Of several of one name, whatever the case of its letters, the last value holds, in the first one's place.
    private static func variables(_ section: Element) -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        var places: [String: Int] = [:]
        for item in section.items {
            let name = item.string("name")
            let value = item.string("value")
            if let place = places[name.lowercased()] {
                variables[place] = EnvironmentVariable(name: variables[place].name, value: value)
            } else {
                places[name.lowercased()] = variables.count
                variables.append(EnvironmentVariable(name: name, value: value))
            }
        }
        return variables
    }
}
