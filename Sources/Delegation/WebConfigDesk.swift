public import Administration
internal import Configuration
internal import Glibc
public import HostModel
internal import Platform

/// Has orders about web.config files done: finds the folder and whose work it is, and starts the process that does it.
///
/// The pool's user does it. Where that user may not, as with a folder that another account keeps and the pool only reads, the
/// folder's owner does; never root, but for a folder of root's own when an administrator asks. A server that is not root's has
/// one user, who does all of it.
public struct WebConfigDesk: Sendable {
    private let hosted: HostConfiguration
    private let serverPath: String
    private let serverFolder: String
    private let stateFolder: String

    /// - Parameters:
    ///   - serverPath: of the server's file.
    ///   - serverFolder: what `%HOSTELRY_CONFIG_DIR%` stands for.
    public init(_ hosted: HostConfiguration, serverPath: String, serverFolder: String, stateFolder: String) {
        self.hosted = hosted
        self.serverPath = serverPath
        self.serverFolder = serverFolder
        self.stateFolder = stateFolder
    }

    /// Waits for the process, `ErrandProcess.patience` at most.
    ///
    /// - Parameter isAdministrator: whether whoever asks may do everything.
    public func perform(_ order: WebConfigOrder, isAdministrator: Bool) throws(ControlRefusal) -> WebConfigReport {
        let (place, pool) = try place(of: order)
        let errand = try errand(order, place, pool)
        guard CurrentProcess.user == 0 else { return try ErrandProcess.perform(errand, as: nil) }
        var refusal: ControlRefusal?
        for identity in try identities(place, pool, isAdministrator: isAdministrator) {
            do throws(ControlRefusal) {
                return try ErrandProcess.perform(errand, as: identity)
            } catch {
                guard error.code == .denied else { throw error }
                refusal = refusal ?? error
            }
        }
        let reason = refusal?.text ?? "\(place.folder) is root's, and its pool has no user of its own."
        throw ControlRefusal(
            .denied,
            "\(reason) Type as root: hostelry pool grant '\(pool.name)' '\(place.folder)' (or make the site's owner the "
                + "folder's)")
    }

    // MARK: Where

    private func place(of order: WebConfigOrder) throws(ControlRefusal) -> (WebConfigPlace, ApplicationPool) {
        let segments = order.path.split(separator: "/")
        let isOdd = order.path.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard !isOdd, !segments.contains("."), !segments.contains("..") else {
            throw ControlRefusal(.malformed, "The path is none of a folder in the site.")
        }
        let name = order.site.lowercased()
        guard let site = hosted.model.sites.first(where: { $0.name.lowercased() == name }) else {
            throw ControlRefusal(.unknownSite, "There is no site \"\(order.site)\".")
        }
        let names = segments.map { $0.lowercased() }
        let application = site.applications.filter { application in
            names.starts(with: application.path.split(separator: "/").map { $0.lowercased() })
        }.max { $0.path.split(separator: "/").count < $1.path.split(separator: "/").count }
        guard let application, let pool = hosted.model.pool(application.pool) else {
            throw ControlRefusal(.state, "The site \"\(site.name)\" has no application there that can be served.")
        }
        guard let place = site.webConfigPlace(at: order.path, in: pool) else {
            throw ControlRefusal(
                .state,
                "No web.config is read there: enableConfigurationOverride or allowSubDirConfig is false.")
        }
        guard !VirtualDirectory.isWindowsPath(place.folder) else {
            throw ControlRefusal(.state, "\(place.folder) is a path of Windows.")
        }
        return (place, pool)
    }

    private func errand(
        _ order: WebConfigOrder, _ place: WebConfigPlace, _ pool: ApplicationPool
    ) throws(ControlRefusal) -> WebConfigErrand {
        func text(_ bytes: some Sequence<UInt8>) throws(ControlRefusal) -> String {
            guard let text = String(validating: Array(bytes), as: UTF8.self) else {
                throw ControlRefusal(.failed, "The configuration's schema files are not UTF-8.")
            }
            return text
        }
        var schemaFiles: [WebConfigErrand.SchemaFile] = []
        for file in hosted.server.schemaFiles {
            schemaFiles.append(.init(path: file.path, text: try text(file.bytes)))
        }
        return WebConfigErrand(
            order: WebConfigOrder(site: order.site, path: place.path, order.action), folder: place.folder,
            server: .init(
                path: serverPath, folder: serverFolder, text: try text(hosted.slice(ofPool: pool.name)),
                schemaFiles: schemaFiles))
    }

    // MARK: Whose

    /// Who may do it, the first first; nil is this process's user.
    private func identities(
        _ place: WebConfigPlace, _ pool: ApplicationPool, isAdministrator: Bool
    ) throws(ControlRefusal) -> [ProcessSpecification.Identity?] {
        var identities: [ProcessSpecification.Identity?] = []
        do throws(PoolAccount.Failure) {
            let account = try PoolAccount.of(
                poolNamed: pool.name, in: hosted.model, stateFolder: stateFolder, assigning: true)
            if account.user != 0 {
                identities.append(
                    .init(
                        user: account.user, group: account.group, supplementaryGroups: account.supplementaryGroups))
            }
        } catch {
            throw ControlRefusal(.failed, "The pool \"\(pool.name)\" has no user: \(error).")
        }
        // Another user's link leads nowhere here, and a folder that is not there is told by whoever looks for it.
        guard let owner = try? HeldFolder.trusted(place.folder).own().owner else { return identities }
        if owner != 0 {
            let account = (try? Account.of(user: owner)) ?? nil
            let groups = account.flatMap { try? $0.groups() } ?? []
            identities.append(.init(user: owner, group: account?.group ?? owner, supplementaryGroups: groups))
        } else if isAdministrator {
            identities.append(nil)
        }
        return identities
    }
}
