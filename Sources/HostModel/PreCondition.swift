/// One token of a `preCondition` attribute of modules and handlers (reference §5.2), of which all must hold.
public enum PreCondition: Hashable, Sendable {
    case bitness32
    case bitness64
    case integratedMode
    /// Also written `ISAPIMode`.
    case classicMode
    /// The request's handler is a managed type.
    case managedHandler
    /// For example `v4.0`.
    case runtimeVersion(String)
    /// Holds nowhere.
    case unknown(String)

    private static let runtime = "runtimeVersion"

    init(_ token: String) {
        switch token {
        case "bitness32": self = .bitness32
        case "bitness64": self = .bitness64
        case "integratedMode": self = .integratedMode
        case "classicMode", "ISAPIMode": self = .classicMode
        case "managedHandler": self = .managedHandler
        default:
            let version = token.dropFirst(Self.runtime.count)
            self =
                token.hasPrefix(Self.runtime) && version.hasPrefix("v")
                ? .runtimeVersion(String(version)) : .unknown(token)
        }
    }

    /// The tokens of the attribute, a comma list.
    public static func list(_ text: String) -> [PreCondition] {
        text.split(separator: ",").compactMap { part in
            let token = part.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
            return token.isEmpty ? nil : PreCondition(String(token))
        }
    }
}
