public import Configuration
public import HostModel

/// A value of an attribute that the schema marks as encrypted, as one of the server's files writes it.
public struct SecretValue: Sendable {
    /// For example `system.applicationHost/applicationPools`.
    public let section: String
    public let element: DocumentElement
    public let attribute: DocumentAttribute

    /// The attribute's line.
    public var line: Int { attribute.line(in: element) }
    /// Nil for clear text.
    public var encrypted: EncryptedText? { EncryptedText(attribute.value) }
    /// Whether it stands in clear text: something that is not empty and not encrypted.
    public var isClear: Bool { !attribute.value.isEmpty && encrypted == nil }
    /// Where it stands, for people; never what it is.
    public var place: String { "\(element.document.path):\(line): \(section), \(element.name) \(attribute.name)" }

    /// The clear text.
    public func open(with ring: KeyRing?) throws(ConfigurationError) -> String {
        do throws(SecretError) {
            return try HostelryAesProvider.open(attribute.value, with: ring)
        } catch {
            throw ConfigurationError(
                file: element.document.path, line: line, "Failed to decrypt attribute '\(attribute.name)'",
                detail: error.description)
        }
    }

    /// All that a server's file writes, in its order; none is left out for what is wrong with the rest of the file.
    public static func all(in server: ServerConfiguration) -> [SecretValue] {
        var found: [SecretValue] = []
        SecretAttributes.visit(server) { place in
            guard place.schema.isEncrypted else { return }
            found.append(SecretValue(section: place.section, element: place.element, attribute: place.attribute))
        }
        return found
    }
}

extension SecretValue {
    /// Values of a server's file that this provider sealed, and that the keys do not open.
    static func lost(in server: ServerConfiguration, with ring: KeyRing?) -> [SecretValue] {
        all(in: server).filter { value in
            value.encrypted?.provider == HostelryAesProvider.name && (try? value.open(with: ring)) == nil
        }
    }

    /// What of a server's file cannot be decrypted: an error where it is this provider's, a warning where it is another's,
    /// which only Windows opens and no part of this server asks for.
    public static func problems(of server: ServerConfiguration, with ring: KeyRing?) -> [Problem] {
        all(in: server).compactMap { value in
            guard let encrypted = value.encrypted else { return nil }
            do throws(ConfigurationError) {
                _ = try value.open(with: ring)
                return nil
            } catch {
                let isOwn = encrypted.provider == HostelryAesProvider.name
                return Problem(isOwn ? .error : .warning, file: error.file, line: error.line, error.text)
            }
        }
    }
}
