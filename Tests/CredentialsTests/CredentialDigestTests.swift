import Credentials
import Testing

struct CredentialDigestTests {
    @Test
    func equalCredentialsAreRecognisedByTheirMakerAlone() {
        let maker = CredentialDigest.Maker()
        func digest(_ maker: CredentialDigest.Maker, _ name: String, _ password: String) -> CredentialDigest? {
            maker.digest(name: Array(name.utf8), password: Array(password.utf8))
        }
        #expect(digest(maker, "a", "bc") != nil)
        #expect(digest(maker, "a", "bc") == digest(maker, "a", "bc"))
        #expect(digest(maker, "a", "bc") != digest(maker, "ab", "c"))
        #expect(digest(maker, "a", "bc") != digest(CredentialDigest.Maker(), "a", "bc"))
    }
}
