import Administration
import ConfigurationStore
import Delegation
import EventLoop
import Events
import HostModel
import Platform

/// Web.config files, for those who may change them.
extension MasterShell {
    var model: HostModel { version.model }

    /// The file is read and written in a process of its user's own; nothing is waited for here.
    func perform(
        _ order: WebConfigOrder, isAdministrator: Bool, for peer: PeerCredentials,
        answer: @escaping (ControlAnswer) -> Void
    ) {
        let desk = WebConfigDesk(
            version.hosted, serverPath: version.path, serverFolder: version.file.folder, stateFolder: statePath)
        let threads = isAdministrator ? webConfigThreads : delegatesThreads
        loop.perform(on: threads) {
            Result { () throws(ControlRefusal) in try desk.perform(order, isAdministrator: isAdministrator) }
        } then: { [unowned self] outcome in
            let place = order.path == "/" ? order.site : order.site + order.path
            switch outcome {
            case .success(let report):
                if order.changes, report.isWritten {
                    log.record(
                        Event(
                            .webConfigChanged, EventObject.site(siteName(order.site)),
                            "\(report.file) was changed: "
                                + (report.sections.isEmpty
                                    ? "no section." : "\(report.sections.joined(separator: ", "))."),
                            [.init("user", peer.user), .init("pid", peer.pid), .init("file", report.file)]))
                }
                answer(.done(report.members))
            case .failure(let refusal):
                if order.changes {
                    log.record(
                        Event(
                            .operationRefused, EventObject.site(siteName(order.site)),
                            "The web.config of \(place) was not changed: \(refusal.text)",
                            [.init("user", peer.user), .init("pid", peer.pid)]))
                }
                answer(.refused(refusal))
            }
        }
    }

    /// As the configuration spells it.
    private func siteName(_ name: String) -> String {
        version.model.sites.first { $0.name.lowercased() == name.lowercased() }?.name ?? name
    }
}
