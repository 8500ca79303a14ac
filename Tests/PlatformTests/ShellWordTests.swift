import Platform
import Testing

@Suite struct ShellWordTests {
    @Test func aWordIsOneWordForAShell() {
        #expect(ShellWord.quoted("/srv/a-b") == "/srv/a-b")
        #expect(ShellWord.quoted("a b") == "'a b'")
        #expect(ShellWord.quoted("it's $(x)") == "'it'\\''s $(x)'")
        #expect(ShellWord.quoted("") == "''")
    }
}
