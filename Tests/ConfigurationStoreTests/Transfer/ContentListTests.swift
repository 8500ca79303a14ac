import Crypto
import Testing

@testable import ConfigurationStore

struct ContentListTests {
    private static let hash = SHA256.hash([])

    private func list(_ lines: String...) throws -> ContentList {
        let text = (["hostelry content 1"] + lines).map { $0 + "\n" }.joined()
        return try ContentList(bytes: Array(text.utf8), path: "l")
    }

    @Test func aListIsReadAsItIsWritten() throws {
        let list = ContentList([
            .init(
                path: "%HOSTELRY_CONFIG_DIR%/a b",
                root: ContentNode(
                    name: [], modified: 1,
                    kind: .folder(
                        mode: 0o755,
                        [
                            ContentNode(name: Array("a\nb %c".utf8), modified: -5, kind: .link(Array("../x y".utf8))),
                            ContentNode(
                                name: Array("dir".utf8), modified: 2,
                                kind: .folder(
                                    mode: 0o700,
                                    [
                                        ContentNode(
                                            name: [0xFF, 0x41], modified: 3,
                                            kind: .file(mode: 0o600, size: 0, hash: Self.hash))
                                    ])),
                            ContentNode(
                                name: Array("grün.html".utf8), modified: 4,
                                kind: .file(mode: 0o644, size: 7, hash: Self.hash)),
                        ]))),
            .init(path: "/empty", root: ContentNode(name: [], modified: 9, kind: .folder(mode: 0o755, []))),
        ])
        let text = String(decoding: list.bytes, as: UTF8.self)
        let expected = """
            hostelry content 1
            tree %25HOSTELRY_CONFIG_DIR%25/a%20b
            folder 755 1 .
            link -5 ../x%20y a%0ab%20%25c
            folder 700 2 dir
            file 600 3 0 \(Self.hash) dir/%ffA
            file 644 4 7 \(Self.hash) grün.html
            tree /empty
            folder 755 9 .

            """
        #expect(text == expected)
        #expect(try ContentList(bytes: list.bytes, path: "l") == list)
    }

    /// As characters they would be one with the blank or the slash before them.
    @Test func aNameMayBeginWithACombiningMark() throws {
        let file = ContentNode(
            name: Array("\u{301}a".utf8), modified: 1, kind: .file(mode: 0o644, size: 0, hash: Self.hash))
        let link = ContentNode(name: Array("\u{308}".utf8), modified: 2, kind: .link(Array("\u{301}b".utf8)))
        let folder = ContentNode(
            name: Array("\u{302}dir".utf8), modified: 3, kind: .folder(mode: 0o755, [file, link]))
        let root = ContentNode(name: [], modified: 9, kind: .folder(mode: 0o755, [file, folder, link]))
        let list = ContentList([.init(path: "/srv", root: root)])
        #expect(try ContentList(bytes: list.bytes, path: "l") == list)
    }

    @Test(arguments: [
        "../etc/passwd", "a/../b", "./a", "/etc/passwd", "a//b", "a/", "..", "%2e%2e", "a%2fb", "%00", "a%2", "%41", "",
    ])
    func aNameThatLeadsElsewhereOrIsWrittenOtherwiseIsRefused(_ name: String) {
        #expect(throws: TransferError.self) {
            try list("tree /srv", "folder 755 1 .", "folder 755 1 a", "file 644 1 0 \(Self.hash) \(name)")
        }
    }

    /// A link would be passed through.
    @Test func nothingLiesInALinkOrAFile() {
        for line in ["link 1 /etc a", "file 644 1 0 \(Self.hash) a"] {
            #expect(throws: TransferError.self) {
                try list("tree /srv", "folder 755 1 .", line, "file 644 1 0 \(Self.hash) a/passwd")
            }
        }
    }

    @Test func oneNameStandsOnceAndInItsPlace() {
        let file = "file 644 1 0 \(Self.hash)"
        #expect(throws: TransferError.self) { try list("tree /srv", "folder 755 1 .", "\(file) a", "\(file) a") }
        #expect(throws: TransferError.self) { try list("tree /srv", "folder 755 1 .", "\(file) b", "\(file) a") }
        #expect(throws: TransferError.self) {
            try list("tree /srv", "folder 755 1 .", "folder 755 1 a", "\(file) b", "\(file) a/c")
        }
    }

    @Test(arguments: [
        ["file 644 1 0 \(SHA256.hash([])) a"], ["tree /srv"], ["tree ", "folder 755 1 ."],
        ["tree /srv", "folder 1755 1 ."], ["tree /srv", "folder 755 x ."], ["tree /srv", "folder 755 1 a"],
        ["tree /srv", "folder 755 1 .", "file 644 1 -1 \(SHA256.hash([])) a"],
        ["tree /srv", "folder 755 1 .", "file 644 1 0 00 a"], ["tree /srv", "folder 755 1 .", "link 1  a"],
        ["tree /srv", "folder 755 1 .", "device 644 1 a"], ["tree /srv", "folder 755 1 .", ""],
    ])
    func whatIsNoListIsRefused(_ lines: [String]) {
        let text = (["hostelry content 1"] + lines).map { $0 + "\n" }.joined()
        #expect(throws: TransferError.self) { try ContentList(bytes: Array(text.utf8), path: "l") }
    }

    @Test func foldersWithoutEndAreRefused() {
        var lines = ["hostelry content 1", "tree /srv", "folder 755 1 ."]
        for depth in 1...ContentList.depthLimit + 2 {
            lines.append("folder 755 1 \(repeatElement("a", count: depth).joined(separator: "/"))")
        }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        #expect(throws: TransferError.self) { try ContentList(bytes: bytes, path: "l") }
    }

    @Test func anotherVersionIsTold() throws {
        #expect { try ContentList(bytes: Array("hostelry content 2\n".utf8), path: "l") } throws: {
            "\($0)".contains("version 2") && "\($0)".contains("or a newer one")
        }
    }
}
