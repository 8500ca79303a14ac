import Administration
import ConfigurationStore
import EventLoop
import Events
import Platform

/// The master's side of the configuration's history: tells the keeper what is in force, and has changes committed that
/// commands hand over. Nothing is waited for.
final class ConfigurationKeeping: TimerHandler {
    private let statePath: String
    private let loop: EventLoop
    private let log: EventHistory
    /// Nil where no history is kept: for a server that ends with the command that started it.
    private let keeper: HistoryKeeper?
    private let archive: EventArchive?
    private let timer = Timer()

    init(statePath: String, isKept: Bool, on loop: EventLoop, log: EventHistory) {
        self.statePath = statePath
        self.loop = loop
        self.log = log
        do throws(SystemError) {
            keeper = isKept ? try HistoryKeeper(stateFolder: statePath, log: log) : nil
        } catch {
            keeper = nil
            log.record(Event(.historyUnavailable, "The history of the configuration is not kept: \(error)."))
        }
        archive = keeper.map { keeper in
            EventArchive(stateFolder: statePath, on: keeper.threads, log: log) { keeper.needsBackup() }
        }
        if let archive { log.whenWritten { archive.look() } }
        if keeper != nil { loop.start(timer, after: HistoryKeeper.tickInterval, self) }
    }

    /// The version is in force from now on.
    func applied(_ version: ConfigurationVersion) {
        archive?.use(EventRetention(version.server))
        keeper?.applied(
            HistoryKeeper.Version(
                file: version.file, model: version.model,
                folders: HistoryFolders(version.server, state: statePath), bytes: { version.storedBytes() }))
    }

    /// Nothing is under way any more, or the disk is not waited for any longer.
    func finish() {
        // The last events are in the files, and then in the history.
        log.finish()
        keeper?.finish()
        log.whenWritten(nil)
        archive?.close()
    }

    func timerFired(_ timer: Timer) {
        keeper?.tick()
        archive?.tick()
        loop.start(timer, after: HistoryKeeper.tickInterval, self)
    }

    /// Commits the change that was put down under this name, on the keeper's thread. `scope`: what files it may have; nil: any.
    func commit(
        _ staged: String, for peer: PeerCredentials, within scope: ChangeScope?,
        then completion: @escaping (Result<Int64, ControlRefusal>) -> Void
    ) {
        guard let keeper else {
            return completion(.failure(ControlRefusal(.state, "This server keeps no history and takes no changes.")))
        }
        let work: @Sendable () -> Result<Int64, ControlRefusal> = { [statePath, log] in
            Result { () throws(ControlRefusal) in
                let number = try Self.commit(staged, for: peer, within: scope, statePath, log)
                keeper.committed()
                return number
            }
        }
        loop.perform(on: keeper.threads, work, then: completion)
    }

    private static func commit(
        _ staged: String, for peer: PeerCredentials, within scope: ChangeScope?, _ statePath: String,
        _ log: any EventRecorder
    ) throws(ControlRefusal) -> Int64 {
        let found: ConfigurationChange?
        do throws(FileError) {
            found = try StagedChange.take(staged, by: ChangeAuthor(user: peer.user), state: statePath)
        } catch {
            throw ControlRefusal(.failed, "The change cannot be read: \(error).")
        }
        guard let found else { throw ControlRefusal(.malformed, "There is no change of that name.") }
        let change = try scope?.admitted(found) ?? found
        do throws(ChangeError) {
            let number = try change.commit(state: statePath)
            log.record(
                Event(
                    .configurationChanged, "\(change.tool) changed the configuration: version \(number).",
                    [.init("version", number), .init("user", peer.user), .init("comment", change.comment)]))
            return number
        } catch {
            throw ControlRefusal(
                error.isConflict ? .state : .failed, "\(error).",
                error.isConflict ? [.init("conflict", .boolean(true))] : [])
        }
    }
}
