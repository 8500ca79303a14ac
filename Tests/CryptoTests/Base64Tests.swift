import Crypto
import Testing

/// RFC 4648, section 10.
struct Base64Tests {
    private func decode(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return Base64.decode(bytes.span).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zm8", "fo"), ("Zg", "f"),
    ])
    func theTestVectorsAreRead(_ text: String, bytes: String) {
        #expect(decode(text) == bytes)
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func theTestVectorsAreWritten(_ bytes: String, text: String) {
        #expect(Base64.encode(Array(bytes.utf8)) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Z===", "Zg=", "Zm9v=", "Z g=", "Zg==Zg==", "Zm9v\n", "=", "Zm-_", "Zm9vZ"])
    func whatIsNoWholeTextIsRefused(_ text: String) {
        #expect(decode(text) == nil)
    }
}
