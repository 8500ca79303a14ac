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
        let description: String
        var problems: [Problem] = []
        /// The number of the version that is written all the same, and that the server does not serve by.
        var version: Int64?
        /// Whether it may be made all the same: nobody answered.
        var isUncertain = false
    }

    /// - Parameter state: the state folder.
    static func make(_ change: ConfigurationChange, state: String) throws(Failure) -> Outcome {
        let client: ControlClient
        do throws(ControlClient.Failure) {
            client = try ControlClient(stateFolder: state)
        } catch .notRunning {
            return try commit(change, state)
        } catch {
            throw Failure(description: Execution.text(error, state))
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
                throw Failure(
                    description: refusal.text, problems: problems(refusal.details),
                    version: JSONValue.object(refusal.details)["configurationVersion"]?.number)
            }
        } catch let error as ControlClient.Failure {
            throw Failure(description: Execution.text(error, state), isUncertain: true)
        } catch let error as FileError {
            throw Failure(description: "the change cannot be handed to the server: \(error)")
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(description: "\(error)")
        }
    }

    private static func commit(_ change: ConfigurationChange, _ state: String) throws(Failure) -> Outcome {
        do throws(ChangeError) {
            return Outcome(version: try change.commit(state: state), isLive: false, problems: [])
        } catch {
            throw Failure(description: error.description)
        }
    }

    private static func problems(_ members: [JSONValue.Member]) -> [Problem] {
        (JSONValue.object(members)["problems"]?.elements ?? []).compactMap(Problem.init)
    }
}
