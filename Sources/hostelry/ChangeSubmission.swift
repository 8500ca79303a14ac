import Administration
import ConfigurationStore
import HostModel
import Platform

/// How a command changes the configuration: through the running master, which applies it at once, or by itself where none
/// runs.
enum ChangeSubmission {
    struct Outcome {
        /// The number of its version in the history.
        let version: Int64
        /// Whether a server serves by it now.
        let isLive: Bool
        /// What is wrong with the configuration that is in force now.
        let problems: [Problem]
    }

    struct Failure: Error, CustomStringConvertible {
        enum Kind {
            /// Somebody else was faster, or is about to be: nothing is changed, and it may go well on what is there then.
            case conflict
            /// Whoever asks may not.
            case denied
            /// Nobody answered: it may be made all the same.
            case uncertain
            /// It is written all the same, and the server does not serve by it.
            case written
            /// Nothing is changed.
            case failed
        }

        var kind = Kind.failed
        let description: String
        var problems: [Problem] = []
        /// The number of the version that is written; nil where none is, or where nobody told it.
        var version: Int64?

        /// Whether nothing is changed for certain.
        var isUnmade: Bool { kind != .uncertain && kind != .written }
    }

    /// - Parameter state: the state folder.
    static func make(_ change: ConfigurationChange, state: String) throws(Failure) -> Outcome {
        let client: ControlClient
        do throws(ControlClient.Failure) {
            client = try ControlClient(stateFolder: state)
        } catch .notRunning {
            return try commit(change, state)
        } catch {
            throw Failure(kind: error == .denied ? .denied : .failed, description: Execution.text(error, state))
        }
        do {
            let name = try StagedChange.put(change, state: state)
            // A master that never answers takes nothing later that its command has told was not made.
            defer { StagedChange.remove(name, state: state) }
            switch try client.ask(.change(staged: name)) {
            case .done(let members):
                let answer = JSONValue.object(members)
                return Outcome(
                    version: answer["configurationVersion"]?.number ?? 0, isLive: true, problems: problems(members))
            case .refused(let refusal):
                throw Failure(refusal)
            }
        } catch let error as ControlClient.Failure {
            throw unanswered(change, Execution.text(error, state))
        } catch let error as FileError {
            let isDenied = error.isRefusal
            let advice =
                isDenied
                ? "; the server's file is its administrators', a site's own is changed with 'hostelry edit SITE' and "
                    + "'hostelry config set SITE … --web-config'" : ""
            throw Failure(
                kind: isDenied ? .denied : .failed,
                description: "the change cannot be handed to the server: \(error)\(advice)")
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(description: "\(error)")
        }
    }

    /// Nobody said what became of the change: the files tell, where they hold it.
    private static func unanswered(_ change: ConfigurationChange, _ reason: String) -> Failure {
        let isMade = change.files.allSatisfy { file in
            (try? DocumentFile(file.path).read()?.bytes) == file.content
        }
        guard isMade else { return Failure(kind: .uncertain, description: reason) }
        return Failure(
            kind: .written,
            description:
                "\(reason); the change is written all the same, and the server serves by it when it reads the file")
    }

    private static func commit(_ change: ConfigurationChange, _ state: String) throws(Failure) -> Outcome {
        do throws(ChangeError) {
            return Outcome(version: try change.commit(state: state), isLive: false, problems: [])
        } catch {
            throw Failure(error)
        }
    }

    fileprivate static func problems(_ members: [JSONValue.Member]) -> [Problem] {
        (JSONValue.object(members)["problems"]?.elements ?? []).compactMap(Problem.init)
    }
}

extension ChangeSubmission.Failure {
    init(_ error: ChangeError) {
        self.init(description: error.description)
        switch error {
        case .changed: kind = .conflict
        case .file(let error) where error.isRefusal: kind = .denied
        case .unfinished: kind = .uncertain
        case .file, .history, .newerIntent, .locked: kind = .failed
        }
    }

    fileprivate init(_ refusal: ControlRefusal) {
        let details = JSONValue.object(refusal.details)
        self.init(
            description: refusal.text, problems: ChangeSubmission.problems(refusal.details),
            version: details["configurationVersion"]?.number)
        if version != nil {
            kind = .written
        } else if details["conflict"]?.flag == true {
            kind = .conflict
        } else if refusal.code == .denied {
            kind = .denied
        }
    }
}

extension FileError {
    /// Whether the file is not to be written by whoever asks.
    fileprivate var isRefusal: Bool {
        switch kind {
        case .denied, .readOnly, .foreign: true
        default: false
        }
    }
}
