import Configuration
import Credentials
import Pipeline
import Wire

/// Asks for a name and a password, and looks them up in a users file.
///
/// Section: `system.webServer/security/authentication/basicAuthentication`, with our own attributes `usersFile` and
/// `groupsFile`. Stages: AuthenticateRequest, before anonymous clients are let in; SendResponse, where it adds its
/// challenge to every 401. Wrong credentials are 401.1, whatever else is allowed; none are left to the next scheme.
final class BasicAuthenticationModule: Module {
    static let section = "system.webServer/security/authentication/basicAuthentication"
    private static let scheme = "Basic"

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        let desks = SignInDesks(services)
        return ModuleDefinition(
            name: "BasicAuthenticationModule", sections: [section], stages: .on(.authenticateRequest, .sendResponse),
            priority: .low
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            return section.bool("enabled") ? try BasicAuthenticationModule(section, desks) : nil
        }
    }

    /// The realm of the challenge; nil for the name of the host that was asked.
    private let realm: [UInt8]?
    /// Lower case; a name that begins with it and `\` is the name behind it.
    private let domain: String
    /// Nil where no users file is named: then nobody has the right password.
    private let desk: SignInDesk?

    init(_ section: Element, _ desks: SignInDesks) throws(ConfigurationError) {
        let realm = section.string("realm")
        guard realm.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { throw section.invalid("realm") }
        self.realm = realm.isEmpty ? nil : Self.quoted(Array(realm.utf8))
        domain = section.string("defaultLogonDomain").lowercasedASCII
        let users = section.string("usersFile")
        let groups = section.string("groupsFile")
        guard users.isEmpty || users.hasPrefix("/") else { throw section.invalid("usersFile") }
        guard groups.isEmpty || groups.hasPrefix("/") else { throw section.invalid("groupsFile") }
        desk = users.isEmpty ? nil : desks.desk(UserFiles.Paths(users: users, groups: groups.isEmpty ? nil : groups))
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        if stage.notification == .sendResponse {
            if request.response.status == 401 { challenge(request) }
            return .continue
        }
        guard case .unknown = request.user else { return .continue }
        switch BasicCredentials.of(request.head) {
        case .none: return .continue
        case .malformed: return request.refuse(.logonFailed)
        case .credentials(let credentials): return signIn(credentials, request)
        }
    }

    private func signIn(_ credentials: BasicCredentials, _ request: RequestContext) -> NotificationStatus {
        guard let desk else { return request.refuse(.logonFailed, "No usersFile is configured here") }
        let credentials = credentials.leaving(domain: domain)
        let outcome = desk.signIn(credentials, from: request.head.remote.address) { outcome in
            request.resume(self.apply(outcome, credentials, request))
        }
        return outcome.map { apply($0, credentials, request) } ?? .pending
    }

    private func apply(
        _ outcome: SignInDesk.Outcome, _ credentials: BasicCredentials, _ request: RequestContext
    ) -> NotificationStatus {
        switch outcome {
        case .accepted(let groups):
            request.user = .authenticated(
                AuthenticatedUser(name: credentials.name, roles: groups, scheme: Self.scheme))
            return .continue
        case .wrong: return request.refuse(.logonFailed)
        case .overloaded: return request.refuse(.signInOverload)
        case .unavailable(let reason): return request.refuse(.internalError, reason)
        }
    }

    private func challenge(_ request: RequestContext) {
        // Who is turned away for an address is not helped by a password.
        guard request.response.subStatus < 500 else { return }
        let value =
            Array("Basic realm=\"".utf8) + (realm ?? Self.host(of: request)) + Array("\", charset=\"UTF-8\"".utf8)
        request.response.headers.append("WWW-Authenticate", value.span)
    }

    private static func host(of request: RequestContext) -> [UInt8] {
        let head = request.head
        return head.field("host").map { quoted([UInt8](copying: head.value(ofField: $0))) } ?? []
    }

    /// The inside of a quoted string (RFC 9110, 5.6.4).
    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), $0] : [$0] }
    }
}
