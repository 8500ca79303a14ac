import Administration
import Arguments
import Configuration
import Delegation
import HostModel
import Platform

/// How a command reaches a site's web.config: through the running server, which knows what the caller may, or by itself where
/// none runs.
struct WebConfigAccess {
    let invocation: Invocation
    let site: String
    /// The URL path in the site.
    let path: String

    /// - Parameter place: `Site/app`.
    init(_ invocation: Invocation, _ place: String) throws {
        let named = ConfigurationPath(text: place)
        guard let site = named.site else {
            throw Execution.Refusal(
                "\"\(place)\" names no site; 'hostelry edit' without a name edits the server's file")
        }
        self.invocation = invocation
        self.site = site
        path = named.urlPath
    }

    func ask(_ action: WebConfigOrder.Action) throws -> WebConfigReport {
        let order = WebConfigOrder(site: site, path: path, action)
        let state = Execution.statePath(invocation)
        let answer: ControlAnswer
        do throws(ControlClient.Failure) {
            answer = try ControlClient(stateFolder: state).ask(.webConfig(order))
        } catch .notRunning {
            return try direct(order)
        } catch {
            throw Execution.Refusal(Execution.text(error, state))
        }
        switch answer {
        case .done(let members):
            guard let report = WebConfigReport(members) else {
                throw Execution.Refusal("the server's answer is not understood")
            }
            return report
        case .refused(let refusal): throw refusal
        }
    }

    private func direct(_ order: WebConfigOrder) throws -> WebConfigReport {
        let file = try ServerFileEdit(invocation)
        let desk = WebConfigDesk(
            try HostConfiguration.of(file.server), serverPath: file.path,
            serverFolder: file.server.environment["HOSTELRY_CONFIG_DIR"] ?? "",
            stateFolder: Execution.statePath(invocation))
        return try desk.perform(order, isAdministrator: true)
    }
}
