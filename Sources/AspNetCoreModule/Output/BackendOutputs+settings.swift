import Configuration
import HostModel
import Programs

extension BackendOutputs.Settings {
    /// What an application's section and its pool say.
    ///
    /// - Parameter environment: the worker's, for `%VAR%` in the log's path.
    init(
        _ settings: BackendSettings, _ place: ApplicationPlace, _ pool: ApplicationPool,
        environment: [(name: String, value: String)]
    ) {
        self.init()
        isRedirected = settings.redirectsConsole
        limits = OutputLimits(pool.outputLogs)
        guard settings.stdoutLogEnabled else { return }
        let text = BackendVariables(settings, place, worker: environment).expansion.expand(settings.stdoutLogFile)
        log = ConfiguredPath.absolute(text, in: place.folder).map { .file($0) } ?? .impossible(settings.stdoutLogFile)
    }
}
