import Credentials
import Testing

/// The hashes were made by Apache's `htpasswd` 2.4 and by libcrypt 4.4, of the password `secret pass`.
struct PasswordHashTests {
    @Test(arguments: [
        "$2y$05$puhjj52YD5bHpqJ.e4qpceWcHlC6EwzGFFOldDll1JFUkx8Iy.8Em",
        "$apr1$cZCdQ1w7$BG3VVwzdHL9zS3rfWzkyQ.",
        "{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM=",
        "$5$5kruOMH5N/runXRn$6OfCj4U/eavoyYv4ipB718CvBih8jxwH/Rq8b2rZJ04",
        "$6$wMLw.yj/FHOsWLVM$X8kQuk3XcMB9x8pSVF86h0IEe1qXXASLNqMcZiBDVPZDGEuBgOfTS0SGo2IROdp8VmRkmWNFMoCLnmJXTRQj7.",
        "$y$j9T$abcdefgh1234$wgQvWRxW7/OwdXfVJMqNIzrrYm3Jx9Sd2tjQM6rKc35",
        "$gy$j75$saltsaltsaltsalt$xZ3x95aEeVbngDYxfFufJYL6wWATtZ0uU69tdUb9797",
        "$7$C6..../....SodiumChloride$cANWrAByFe.zS2/zZvkJ0lBweBBWF7h3nNx7GTBthl/",
        "$1$saltsalt$cIrgcdXxo0mpb22wHphLq1",
    ])
    func whatHtpasswdAndLibcryptWriteIsRecognised(_ text: String) throws {
        let hash = try #require(PasswordHash(text))
        #expect(hash.matches(Array("secret pass".utf8)))
        for wrong in ["secret pas", "secret pass ", "Secret pass", "", "secret pass\0", text] {
            #expect(!hash.matches(Array(wrong.utf8)))
        }
    }

    @Test
    func longAndForeignPasswordsAreThoseOfApache() throws {
        let hash = try #require(PasswordHash("$apr1$U.YiRhCN$PX6x1dbEJEjdLa1PtYw8C."))
        #expect(hash.matches(Array("Wonderländ-0123456789abcdef".utf8)))
        let empty = try #require(PasswordHash("$apr1$Tfu.6tKN$FrORvNszq7WNoJnLWSjGl1"))
        #expect(empty.matches([]))
    }

    /// Clear text, traditional DES, a locked account, nothing.
    @Test(arguments: ["secret pass", "rEK1ecacw.7.c", "*", "!", "", "$9$x$y", "{SSHA}abc"])
    func whatIsNoKnownHashIsNone(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        "$2y$05$", "$6$", "$apr1$", "{SHA}", "$y$j9T$", "$2y$99$puhjj52YD5bHpqJ.e4qpce", "$5$rounds=x$a$b",
    ])
    func aHashThatIsCutOffMatchesNothing(_ text: String) throws {
        let hash = try #require(PasswordHash(text))
        for password in ["", "secret pass", text] { #expect(!hash.matches(Array(password.utf8))) }
    }

    @Test
    func aPasswordLongerThanLibcryptTakesMatchesNothing() throws {
        let hash = try #require(PasswordHash("{SHA}O1hAcUlX7zkBbV+/3rmbDfUlbNM="))
        #expect(!hash.matches([UInt8](repeating: 97, count: 513)))
    }
}
