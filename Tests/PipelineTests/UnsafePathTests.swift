import Testing

@testable import Pipeline

struct UnsafePathTests {
    @Test(arguments: [
        "/web.config.", "/web.config ", "/bin./a.dll", "/a /b", "/a::$DATA", "/a.asp::$data",
        "/dir::$INDEX_ALLOCATION/x",
        "/a\\b", "/../etc/passwd", "/a/./b", "/a/..", "/a//b", "//a", "a", "", "/a\u{1}b", "/a\u{7F}", "/a\u{0}.txt",
    ])
    func aPathThatSomeSystemReadsAsAnotherNameIsUnsafe(_ path: String) {
        let bytes = Array(path.utf8)
        let isUnsafe = UnsafePath.isUnsafe(bytes.span)
        #expect(isUnsafe)
    }

    @Test(arguments: [
        "/", "/a", "/a/", "/.well-known/acme", "/a b/c d.txt", "/Talk:Main", "/a$b", "/grüße.html", "/a..b",
    ])
    func anOrdinaryPathIsSafe(_ path: String) {
        let bytes = Array(path.utf8)
        let isUnsafe = UnsafePath.isUnsafe(bytes.span)
        #expect(!isUnsafe)
    }
}
