public import Configuration
internal import Crypto

/// Puts sealed values into a server's file; every byte outside them stays as it is.
public struct SecretSealing {
    /// The file with its values sealed, as it is stored.
    public let bytes: [UInt8]
    /// Those that were sealed.
    public let sealed: [SecretValue]
    /// Those of other providers, and those that nobody can open: left as they are.
    public let left: [SecretValue]

    /// Which values are sealed.
    public enum Choice: Sendable {
        /// Those in clear text.
        case clear
        /// Those in clear text, and those that another key than the current one sealed.
        case outdated
    }

    /// Throws only where what comes out were not well formed.
    public static func seal(
        _ choice: Choice, in server: ServerConfiguration, with ring: KeyRing
    ) throws(ConfigurationError) -> SecretSealing {
        var edit = DocumentEdit(server.file.document)
        var sealed: [SecretValue] = []
        var left: [SecretValue] = []
        let current = ring.current.id
        for value in SecretValue.all(in: server) {
            if let encrypted = value.encrypted {
                if encrypted.payload.isEmpty { continue }
                guard let text = try? value.open(with: ring) else {
                    left.append(value)
                    continue
                }
                guard choice == .outdated, HostelryAesProvider.keyID(of: encrypted) != current else { continue }
                edit.set(value.attribute.name, to: HostelryAesProvider.seal(text, with: ring), on: value.element)
            } else if value.isClear {
                edit.set(
                    value.attribute.name, to: HostelryAesProvider.seal(value.attribute.value, with: ring),
                    on: value.element)
            } else {
                continue
            }
            sealed.append(value)
        }
        return SecretSealing(bytes: try edit.applied().stored, sealed: sealed, left: left)
    }
}
