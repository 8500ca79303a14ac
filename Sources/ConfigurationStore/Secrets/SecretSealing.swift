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
    ///
    /// - Parameter isRepeatable: the same file under the same keys gives the same bytes, for copies that are compared.
    public static func seal(
        _ choice: Choice, in server: ServerConfiguration, with ring: KeyRing, isRepeatable: Bool = false
    ) throws(ConfigurationError) -> SecretSealing {
        var edit = DocumentEdit(server.file.document)
        var sealed: [SecretValue] = []
        var left: [SecretValue] = []
        let current = ring.current.id
        for (place, value) in SecretValue.all(in: server).enumerated() {
            let seal = { (text: String) in
                isRepeatable
                    ? HostelryAesProvider.sealRepeatably(text, at: place, with: ring)
                    : HostelryAesProvider.seal(text, with: ring)
            }
            if let encrypted = value.encrypted {
                if encrypted.payload.isEmpty { continue }
                guard let text = try? value.open(with: ring) else {
                    left.append(value)
                    continue
                }
                guard choice == .outdated, HostelryAesProvider.keyID(of: encrypted) != current else { continue }
                edit.set(value.attribute.name, to: seal(text), on: value.element)
            } else if value.isClear {
                edit.set(value.attribute.name, to: seal(value.attribute.value), on: value.element)
            } else {
                continue
            }
            sealed.append(value)
        }
        return SecretSealing(bytes: try edit.applied().stored, sealed: sealed, left: left)
    }
}
