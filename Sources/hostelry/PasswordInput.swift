import Arguments
import ConfigurationStore
import Platform

/// Where a command takes a password from: a file, a descriptor, the terminal. Never an argument, which others could see.
enum PasswordInput {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether the command says where to take one from.
    static func isGiven(_ invocation: Invocation) -> Bool {
        invocation.text(Commands.passwordFile) != nil || invocation.number(Commands.passwordDescriptor) != nil
    }

    /// - Parameter isNew: asks twice at the terminal.
    static func read(_ invocation: Invocation, isNew: Bool) throws -> TransferPassword {
        if let path = invocation.text(Commands.passwordFile) {
            let bytes: [UInt8]
            do {
                bytes = try FileReader(limit: 1 << 16).read(Places.absolute(path)).bytes
            } catch {
                throw Failure(description: "the password cannot be read: \(error)")
            }
            var line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            return try TransferPassword(line)
        }
        if let number = invocation.number(Commands.passwordDescriptor) {
            let line: [UInt8]
            do throws(SystemError) {
                line = try SecretInput.line(ofDescriptor: Int32(clamping: number), limit: TransferPassword.limit)
            } catch {
                throw Failure(description: "the password cannot be read: \(error)")
            }
            return try TransferPassword(line)
        }
        guard let line = SecretInput.ask("Password of the export: ", limit: TransferPassword.limit) else {
            throw Failure(
                description: "there is no password; say --password-file or --password-fd, or ask at a terminal")
        }
        if isNew, SecretInput.ask("The same again: ", limit: TransferPassword.limit) != line {
            throw Failure(description: "the two passwords are not the same")
        }
        return try TransferPassword(line)
    }
}
