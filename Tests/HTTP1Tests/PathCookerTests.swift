import HTTP1
import Testing

struct PathCookerTests {
    func cook(_ path: String) throws(RequestError) -> String {
        var cooker = PathCooker()
        let bytes = Array(path.utf8)
        try cooker.cook(bytes.span, bytes.indices)
        return String(decoding: cooker.path, as: UTF8.self)
    }

    @Test(arguments: [
        ("", "/"), ("/", "/"), ("*", "*"), ("/a/b", "/a/b"), ("/a/b/", "/a/b/"), ("/a%20b", "/a b"),
        ("/%41%2e%5a", "/A.Z"), ("/a//b", "/a/b"), ("//a", "/a"), ("/a/./b", "/a/b"), ("/a/.", "/a/"),
        ("/a/b/../c", "/a/c"), ("/a/b/..", "/a/"), ("/a/..", "/"), ("/a/%2e%2E/b", "/b"), ("/a/.%2e/b", "/b"),
        ("/a\\b", "/a/b"), ("/a%5cb", "/a/b"), ("/a%5C..%5Cb", "/b"), ("/a%2fb", "/a/b"), ("/a/b%2F..%2Fc", "/a/c"),
        // Decoded once: what an escape decodes to is not decoded again.
        ("/%2541", "/%41"), ("/%252e%252e/a", "/%2e%2e/a"), ("/a%3Fb", "/a?b"), ("/a%23b", "/a#b"),
        ("/...", "/..."), ("/..a", "/..a"), ("/a.", "/a."), ("/.a", "/.a"), ("/a/.../b", "/a/.../b"),
        ("/%C3%A9", "/é"), ("/é", "/é"), ("/%F0%9F%98%80", "/😀"), ("/%C2%A0", "/\u{a0}"), ("/a%25", "/a%"),
    ])
    func aPathIsDecodedOnceAndHasNoDotSegments(_ path: String, _ cooked: String) throws {
        #expect(try cook(path) == cooked)
    }

    @Test(arguments: [
        // Broken escapes.
        "/%", "/%4", "/%zz", "/%4g", "/a%u0041", "/%-1",
        // Control characters.
        "/%00", "/%0a", "/%0D", "/%1f", "/%7F", "/%C2%80", "/%C2%9F",
        // No UTF-8: overlong, a surrogate, beyond Unicode, cut off, alone.
        "/%C0%AF", "/%C0%AE%C0%AE", "/%E0%80%AF", "/%ED%A0%80", "/%F4%90%80%80", "/%C3", "/%A9", "/%FF",
        // The same where a dot segment takes it away again.
        "/%FF/..", "/%C0%AE/../a", "/a/%C2%80/../b", "/%C3%A9/%FF/b/../..", "/%00/..",
        // Above the root.
        "/..", "/../a", "/a/../..", "/%2e%2e/a", "/..%2fa", "/..\\a", "/a/%5c..%5c..%5c..",
    ])
    func whatCannotBeCookedIsRefused(_ path: String) {
        #expect(throws: RequestError.url) { try cook(path) }
    }

    @Test(arguments: [("é", 260), ("€", 260), ("😀", 130)])
    func aSegmentsLengthIsCountedInCharacters(_ character: String, _ most: Int) throws {
        let longest = Array(("/" + String(repeating: character, count: most)).utf8)
        var cooker = PathCooker()
        try cooker.cook(longest.span, longest.indices)
        let longer = longest + Array(character.utf8)
        #expect(cooker.path == longest)
        #expect(throws: RequestError.url) { try cooker.cook(longer.span, longer.indices) }
    }

    @Test func segmentsHaveALengthAndANumber() throws {
        let longest = String(repeating: "a", count: 260)
        #expect(try cook("/" + longest) == "/" + longest)
        #expect(throws: RequestError.url) { try cook("/" + longest + "a") }
        let most = String(repeating: "/a", count: 255)
        #expect(try cook(most) == most)
        #expect(throws: RequestError.url) { try cook(most + "/a") }
    }
}
