public import Configuration
internal import Operations

/// Changes of administration.config's `authorizationRules`.
public enum DelegationEdit {
    /// What the file begins as, with the sections that IIS's own declares.
    public static let empty = """
        <?xml version="1.0" encoding="UTF-8"?>
        <configuration>
            <configSections>
                <section name="moduleProviders" allowDefinition="MachineOnly" overrideModeDefault="Allow" />
                <section name="modules" allowDefinition="MachineToRootWeb" overrideModeDefault="Allow" />
                <section name="administrators" allowDefinition="MachineOnly" overrideModeDefault="Deny" />
                <section name="administratorsProviders" allowDefinition="MachineOnly" overrideModeDefault="Deny" />
                <sectionGroup name="system.webServer">
                    <sectionGroup name="management">
                        <section name="authentication" allowDefinition="MachineOnly" overrideModeDefault="Deny" />
                        <section name="authorization" allowDefinition="MachineOnly" overrideModeDefault="Deny" />
                        <section name="trustedProviders" allowDefinition="MachineOnly" overrideModeDefault="Deny" />
                    </sectionGroup>
                </sectionGroup>
            </configSections>
            <system.webServer>
                <management>
                    <authorization>
                        <authorizationRules>
                        </authorizationRules>
                    </authorization>
                </management>
            </system.webServer>
        </configuration>

        """

    /// Whether the file is one that says who may what: it declares the section, and none of it is wrong.
    public static func problems(of administration: ServerConfiguration) -> [ConfigurationError] {
        administration.file.problems + administration.problems()
    }

    /// The file's text with the member in the scope, made where it is missing; nil where it is there already.
    public static func adding(
        _ member: Delegations.Member, to scope: ConfigurationPath, in administration: ServerConfiguration
    ) throws(OperationErrorText) -> [UInt8]? {
        let rules = try rules(administration)
        let known = element(for: scope, in: rules)
        if let known, known.children.contains(where: { isSame($0, member) }) { return nil }
        let element = known ?? DraftElement("scope", attributes: [("path", text(scope))])
        var attributes = [(name: "name", value: member.name)]
        if member.isGroup { attributes.append(("isRole", "true")) }
        element.append(DraftElement("add", attributes: attributes))
        if known == nil { rules.element.append(element) }
        return try rules.stored()
    }

    /// The file's text without the member, and without a scope that is nobody's then; nil where it has no such member.
    public static func removing(
        _ member: Delegations.Member, from scope: ConfigurationPath, in administration: ServerConfiguration
    ) throws(OperationErrorText) -> [UInt8]? {
        let rules = try rules(administration)
        guard let element = element(for: scope, in: rules),
            let entry = element.children.first(where: { isSame($0, member) })
        else { return nil }
        element.remove(entry)
        // A scope "/" without members is a word: then nobody administrates, `hostelry-admin` neither.
        if element.children.isEmpty, scope.site != nil { rules.element.remove(element) }
        return try rules.stored()
    }

    /// Why it cannot be changed.
    public struct OperationErrorText: Error, Equatable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// As IIS writes it.
    public static func text(_ scope: ConfigurationPath) -> String {
        "/" + ([scope.site].compactMap(\.self) + scope.segments).joined(separator: "/")
    }

    private struct Rules {
        let file: DraftFile
        let element: DraftElement

        func stored() throws(OperationErrorText) -> [UInt8] {
            do throws(OperationError) {
                return try file.applied().stored
            } catch {
                throw OperationErrorText(description: "\(error)")
            }
        }
    }

    private static func rules(_ administration: ServerConfiguration) throws(OperationErrorText) -> Rules {
        if let problem = problems(of: administration).first {
            throw OperationErrorText(description: "\(problem)")
        }
        let file = DraftFile(administration.file.document)
        return Rules(
            file: file, element: file.sectionMade(Delegations.section, at: "").childMade("authorizationRules"))
    }

    private static func element(for scope: ConfigurationPath, in rules: Rules) -> DraftElement? {
        rules.element.children.first { child in
            child.name == "scope" && ConfigurationPath(text: child["path"] ?? "").relative(to: scope) == ""
        }
    }

    private static func isSame(_ entry: DraftElement, _ member: Delegations.Member) -> Bool {
        entry.name == "add" && entry["name"] == member.name
            && (entry["isRole"]?.lowercased() == "true") == member.isGroup
    }
}
