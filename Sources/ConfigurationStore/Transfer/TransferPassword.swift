internal import Crypto

/// The password that an export's keys are wrapped under.
public struct TransferPassword: Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// Unit: bytes.
    public static let limit = 1024

    /// Throws for an empty one and one that is no text of one line.
    public init(_ bytes: [UInt8]) throws(TransferError) {
        guard !bytes.isEmpty else { throw TransferError("the password is empty") }
        guard bytes.count <= Self.limit, String(validating: bytes, as: UTF8.self) != nil,
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw TransferError("the password has to be one line of UTF-8 text, at most \(Self.limit) bytes long")
        }
        self.bytes = bytes
    }

    /// Throws unless it has eight characters at least and a capital letter, a small one, a digit and a symbol (as IIS's
    /// export demands, reference §6.2).
    public func demandStrength() throws(TransferError) {
        let text = String(decoding: bytes, as: UTF8.self)
        var missing: [String] = []
        if text.count < 8 { missing.append("eight characters") }
        if !text.contains(where: \.isUppercase) { missing.append("a capital letter") }
        if !text.contains(where: \.isLowercase) { missing.append("a small letter") }
        if !text.contains(where: \.isNumber) { missing.append("a digit") }
        if text.allSatisfy({ $0.isLetter || $0.isNumber }) { missing.append("a symbol") }
        guard missing.isEmpty else {
            throw TransferError("the password is too weak; it lacks \(missing.joined(separator: ", "))")
        }
    }

    public var description: String { "TransferPassword" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
