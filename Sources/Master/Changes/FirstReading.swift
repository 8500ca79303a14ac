import Configuration
import ConfigurationStore
import Platform

/// The configuration that a master begins with.
struct FirstReading {
    let version: ConfigurationVersion
    let redirection: Redirection
    /// What is known of the shared folder, where there is one.
    let standing: ShareStanding

    /// Reads the file in force. A shared folder that is away, or whose file is broken, is stood in for by the copy that was
    /// kept of it. Waits for the folder no longer than `SharedFolder.patience`.
    static func of(_ local: String, state: String) throws(ConfigurationError) -> FirstReading {
        let redirection = try Redirection.beside(local)
        guard let folder = redirection.sharedFolder else {
            return FirstReading(
                version: try .read(local, state: state), redirection: redirection, standing: ShareStanding())
        }
        let file = FileInForce(local: local, shared: folder)
        var isAway = true
        do throws(ConfigurationError) {
            let files = try folder.read(within: SharedFolder.patience)
            isAway = false
            return FirstReading(
                version: try .of(files.server, in: file, state: state), redirection: redirection,
                standing: ShareStanding(copied: FileStamp.now()))
        } catch {
            return try standIn(for: error, isAway: isAway, file, redirection, folder, state: state)
        }
    }

    private static func standIn(
        for error: ConfigurationError, isAway: Bool, _ file: FileInForce, _ redirection: Redirection,
        _ folder: SharedFolder, state: String
    ) throws(ConfigurationError) -> FirstReading {
        let kept: SharedCopy.Kept
        do throws(SharedCopy.Failure) {
            kept = try SharedCopy(stateFolder: state).read(of: folder)
        } catch let failure {
            let advice =
                isAway
                ? "mount the folder, or serve the local file again with 'hostelry shared disable'"
                : "mend the file, or serve the local file again with 'hostelry shared disable'"
            throw ConfigurationError(
                file: error.file, line: error.line, error.message,
                detail: "\(error.detail.isEmpty ? "" : "\(error.detail); ")\(failure); \(advice)")
        }
        return FirstReading(
            version: try .of(kept.files.server, in: file, state: state), redirection: redirection,
            standing: ShareStanding(problem: error, isAway: isAway, since: FileStamp.now(), copied: kept.time))
    }
}
