import Administration
import Arguments
import Configuration
import ConfigurationStore
import Delegation
import Events
import Operations
import Platform

/// Who may administrate what.
extension Execution {
    static func whoami(_ invocation: Invocation) -> Int32 {
        ask(.access, invocation) { _, members in
            let answer = JSONValue.object(members)
            if invocation.has(Commands.json) {
                print(answer.text())
                return 0
            }
            let name = LineText.printable(answer["name"]?.string ?? "")
            let scopes = (answer["scopes"]?.elements ?? []).compactMap(\.string).map { LineText.printable($0) }
            print(
                answer["authority"]?.string == "everything"
                    ? "\(name) administrates the server." : "\(name) manages \(scopes.joined(separator: ", ")).")
            return 0
        }
    }

    static func addOwner(_ invocation: Invocation) -> Int32 {
        changeOwners(invocation, isNew: true) { member, place, administration in
            try DelegationEdit.adding(member, to: place, in: administration)
        }
    }

    static func removeOwner(_ invocation: Invocation) -> Int32 {
        changeOwners(invocation, isNew: false) { member, place, administration in
            try DelegationEdit.removing(member, from: place, in: administration)
        }
    }

    private static func changeOwners(
        _ invocation: Invocation, isNew: Bool,
        _ edit: (Delegations.Member, ConfigurationPath, ServerConfiguration) throws -> [UInt8]?
    ) -> Int32 {
        tellingRefusals { try beginningAnew { try changeOwnersOnce(invocation, isNew: isNew, edit) } }
    }

    private static func changeOwnersOnce(
        _ invocation: Invocation, isNew: Bool,
        _ edit: (Delegations.Member, ConfigurationPath, ServerConfiguration) throws -> [UInt8]?
    ) throws -> Int32 {
        let path = try administrationPath(invocation)
        let old = try ServerConfiguration.bytesIfThere(ofFile: path)
        let administration = try ServerConfiguration(bytes: old ?? Array(DelegationEdit.empty.utf8), path: path)
        let place = try place(invocation.operand(Commands.ownedPlace) ?? "", mustExist: isNew, invocation)
        let member = Delegations.Member(
            invocation.operand(Commands.ownerName) ?? "", isGroup: invocation.has(Commands.isGroup))
        if isNew { try check(member) }
        let (who, what) = (LineText.printable(member.name), LineText.printable(title(of: place)))
        guard let new = try edit(member, place, administration) else {
            print(
                "There is nothing to change: \(who) \(isNew ? "manages \(what) already" : "does not manage \(what)")."
            )
            return 0
        }
        let outcome = try ChangeSubmission.make(
            ConfigurationChange(
                files: [FileChange(path, expected: .init(old), content: new)], author: .current,
                tool: invocation.path.joined(separator: " "),
                comment: invocation.text(Commands.comment) ?? "\(title(of: place)) \(member.name)"),
            state: statePath(invocation))
        print(
            "\(who) manages \(what)\(isNew ? "" : " no longer"), as version \(outcome.version)"
                + (outcome.isLive ? "; the server goes by it." : "."))
        return 0
    }

    static func listOwners(_ invocation: Invocation) -> Int32 {
        tellingRefusals {
            let path = try administrationPath(invocation)
            let bytes = try ServerConfiguration.bytesIfThere(ofFile: path)
            let administration = try bytes.map { try ServerConfiguration(bytes: $0, path: path) }
            if let problem = administration.flatMap({ DelegationEdit.problems(of: $0).first }) { throw problem }
            let delegations = administration.map { Delegations($0) } ?? Delegations()
            let wanted = try invocation.operand(Commands.anyOwnedPlace).map {
                try place($0, mustExist: false, invocation)
            }
            var rows = delegations.administrators.map { (place: ConfigurationPath(), member: $0) }
            rows += delegations.scopes.filter { $0.path.site != nil }.flatMap { scope in
                scope.members.map { (place: scope.path, member: $0) }
            }
            if let wanted { rows = rows.filter { $0.place.relative(to: wanted) == "" } }
            return answer(
                invocation.has(Commands.json),
                .object([
                    "owners": .array(
                        rows.map {
                            .object([
                                "place": .text(title(of: $0.place)), "name": .text($0.member.name),
                                "isGroup": .boolean($0.member.isGroup),
                            ])
                        })
                ]),
                TextTable(
                    ["PLACE", "KIND", "NAME"],
                    rows.map { [title(of: $0.place), $0.member.isGroup ? "group" : "user", $0.member.name] },
                    width: tableWidth
                ).text)
        }
    }

    /// The administration.config in force.
    private static func administrationPath(_ invocation: Invocation) throws -> String {
        try FileInForce.of(configurationPath(invocation)).administrationPath
    }

    /// `/` is the whole server.
    private static func title(of place: ConfigurationPath) -> String {
        place.site == nil ? "/" : String(DelegationEdit.text(place).dropFirst())
    }

    private static func place(
        _ text: String, mustExist: Bool, _ invocation: Invocation
    ) throws -> ConfigurationPath {
        guard text != "/" else { return ConfigurationPath() }
        let named = ConfigurationPath(text: text)
        guard let site = named.site, mustExist else { return named }
        return ConfigurationPath(
            site: try ServerFileEdit(invocation).site(site).name, path: named.segments.joined(separator: "/"))
    }

    /// A name that nobody has would be somebody's one day.
    private static func check(_ member: Delegations.Member) throws {
        let known =
            member.isGroup ? try AccountGroup.number(named: member.name) : try Account.named(member.name)?.user
        guard known == nil, UInt32(member.name) == nil else { return }
        throw Refusal("this machine has no \(member.isGroup ? "group" : "user") \"\(member.name)\"")
    }
}
