internal import Crypto

/// `$apr1$SALT$HASH`: MD5-crypt with a prefix of Apache's own, which libcrypt does not know.
enum ApacheMD5 {
    static let prefix = "$apr1$"
    private static let rounds = 1000
    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The hash with its setting; nil where libcrypto offers no MD5.
    static func hash(_ password: [UInt8], setting: String) -> [UInt8]? {
        let salt = Array(setting.utf8.dropFirst(prefix.utf8.count).prefix { $0 != UInt8(ascii: "$") }.prefix(8))
        guard let inner = OldDigests.md5(password + salt + password) else { return nil }
        var first = password + Array(prefix.utf8) + salt
        for index in password.indices { first.append(inner[index % 16]) }
        var length = password.count
        while length > 0 {
            first.append(length & 1 == 1 ? 0 : password[0])
            length >>= 1
        }
        guard var digest = OldDigests.md5(first) else { return nil }
        for round in 0..<rounds {
            var input = round & 1 == 1 ? password : digest
            if round % 3 != 0 { input += salt }
            if round % 7 != 0 { input += password }
            input += round & 1 == 1 ? digest : password
            guard let next = OldDigests.md5(input) else { return nil }
            digest = next
        }
        return Array(prefix.utf8) + salt + [UInt8(ascii: "$")] + text(of: digest)
    }

    /// The sixteen bytes in the order and alphabet of MD5-crypt.
    private static func text(of digest: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        func append(_ bits: UInt32, digits: Int) {
            for digit in 0..<digits { text.append(alphabet[Int(bits >> (6 * UInt32(digit)) & 63)]) }
        }
        for group in [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)] {
            append(
                UInt32(digest[group.0]) << 16 | UInt32(digest[group.1]) << 8 | UInt32(digest[group.2]), digits: 4)
        }
        append(UInt32(digest[11]), digits: 2)
        return text
    }
}

/// `{SHA}BASE64`: SHA-1 without a salt.
enum ApacheSHA1 {
    static let prefix = "{SHA}"

    static func hash(_ password: [UInt8]) -> [UInt8]? {
        OldDigests.sha1(password).map { Array(prefix.utf8) + Base64.encode($0) }
    }
}
