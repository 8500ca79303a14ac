import Arguments
import Testing

/// What bash makes of the lines is known from bash: `printf '<%s>\n' …`.
@Suite struct ShellLineTests {
    /// bash's own.
    private static let breaks = " \t\n\"'@><=;|&(:"

    private func line(_ text: String) -> ShellLine { ShellLine(text, breaks: Self.breaks) }

    @Test func wordsAreReadAsBashReadsThem() {
        #expect(
            line("inn room 'a b' c\\ d \"e \\\"f\\\" \\g\" ").words == ["inn", "room", "a b", "c d", "e \"f\" \\g"])
        #expect(line("inn ").word == "")
        #expect(line("inn '' x").words == ["inn", ""])
        #expect(line("inn a\\ b").word == "a b")
        #expect(line("inn \"a b").quote == .double)
        #expect(line("inn 'it'\\''s").word == "it's")
        #expect(line("inn x\\").word == "x")
    }

    @Test func theShellReplacesWhatStandsBehindTheLastBreak() {
        #expect(line("inn --room=De").kept == "--room=")
        #expect(line("inn --room=\"De").kept == "--room=")
        #expect(line("inn http\\:De").kept == "")
        #expect(ShellLine("inn --room=De", breaks: " ").kept == "")
    }

    @Test(arguments: [
        ("inn ", "Default Site", "Default\\ Site"),
        ("inn Default\\ S", "Default Site", "Default\\ Site"),
        ("inn \"Def", "Default Site", "Default Site"),
        ("inn 'Def", "Default Site", "Default Site"),
        ("inn --room=", "--room=a b", "a\\ b"),
        ("inn --room=\"a", "--room=a b", "a b"),
        ("inn ", "it's $HOME `x` \"y\" !z", "it\\'s\\ \\$HOME\\ \\`x\\`\\ \\\"y\\\"\\ \\!z"),
        ("inn \"", "a$b`c\"d\\e", "a\\$b\\`c\\\"d\\\\e"),
        ("inn '", "it's", "it'\\''s"),
        ("inn ", "größe", "größe"),
        ("inn ", "~root", "\\~root"),
        ("inn ", "a;rm -rf", "a\\;rm\\ -rf"),
    ])
    func aNameIsSaidSoThatBashReadsIt(typed: String, name: String, said: String) {
        #expect(line(typed).replacement(name) == said)
    }

    @Test func whatCannotBeSaidIsNotOffered() {
        #expect(line("inn \"a").replacement("a!b") == nil)
        #expect(line("inn --room=x").replacement("other") == nil)
    }

    @Test func aRedirectionNamesAFile() {
        #expect(line("inn list > fi").isRedirected)
        let after = line("inn list > file x")
        #expect(!after.isRedirected)
        #expect(after.words == ["inn", "list"])
    }
}
