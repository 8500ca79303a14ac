import Glibc
import Platform
import TestSupport
import Testing

/// Writers beside each other: commands that take the lock, editors that do not, and writers that die half-way.
@Suite struct DocumentCommitTests {
    let folder: TemporaryFolder
    let document: DocumentFile
    private let old = Array("old".utf8)
    private let new = Array("new".utf8)

    init() throws {
        folder = try TemporaryFolder()
        document = DocumentFile(folder["web.config"])
        try folder.write("web.config", "old")
    }

    /// Saves as most editors do: another file, then a rename over the document.
    private func saveByRename(_ text: String) throws {
        try folder.write("editor~", text)
        folder.rename("editor~", to: "web.config")
    }

    private func commit(interfering at: DocumentCommit.Step, _ interfere: () throws -> Void) throws -> FileError.Kind? {
        var thrown: (any Error)?
        do {
            try document.commit(new, replacing: old) { step in
                guard step == at else { return }
                do { try interfere() } catch { thrown = error }
            }
            if let thrown { throw thrown }
            return nil
        } catch let error as FileError {
            return error.kind
        }
    }

    @Test(arguments: [DocumentCommit.Step.written, .named])
    func anEditorThatSavesBeforeTheExchangeKeepsItsWork(step: DocumentCommit.Step) throws {
        #expect(try commit(interfering: step) { try saveByRename("theirs") } == .changed)
        #expect(try folder.text("web.config") == "theirs")
        #expect(folder.names == ["web.config"])
    }

    @Test(arguments: [DocumentCommit.Step.written, .named])
    func anEditorThatSavesInPlaceBeforeTheExchangeKeepsItsWork(step: DocumentCommit.Step) throws {
        #expect(try commit(interfering: step) { try folder.write("web.config", "theirs") } == .changed)
        #expect(try folder.text("web.config") == "theirs")
        #expect(folder.names == ["web.config"])
    }

    @Test func anEditorThatIsAboutToWriteInPlaceCountsAsSaving() throws {
        let editor = try FileDescriptor.open(folder["web.config"], O_WRONLY)
        #expect(try commit(interfering: .named) {} == .changed)
        #expect(unsafe write(editor.number, "theirs", 6) == 6)
        #expect(try folder.text("web.config") == "theirs")
        #expect(folder.names == ["web.config"])
    }

    @Test func aSaveThatFallsBetweenTheTwoExchangesStays() throws {
        // The first save is displaced by the exchange; the second replaces what the exchange put in place.
        var saves = 0
        let kind = #expect(throws: FileError.self) {
            try document.commit(new, replacing: old) { step in
                if step == .named || step == .exchanged {
                    saves += 1
                    try? saveByRename("save \(saves)")
                }
            }
        }?.kind
        #expect(kind == .changed)
        #expect(try folder.text("web.config") == "save 2")
        #expect(folder.names == ["web.config"])
    }

    @Test func aDocumentRemovedBeforeTheExchangeIsNotBroughtBack() throws {
        #expect(try commit(interfering: .named) { folder.remove("web.config") } == .changed)
        #expect(folder.names.isEmpty)
    }

    @Test func aDocumentCreatedMeanwhileIsNotOverwritten() throws {
        folder.remove("web.config")
        let kind = #expect(throws: FileError.self) {
            try document.commit(new, replacing: nil) { _ in try? folder.write("web.config", "theirs") }
        }?.kind
        #expect(kind == .changed)
        #expect(try folder.text("web.config") == "theirs")
        #expect(folder.names == ["web.config"])
    }

    @Test(.startsForeignChildren, arguments: DocumentCommit.Step.allCases)
    func aWriterKilledAtAnyStepLeavesOldOrNewAndTheNextOneClearsUp(step: DocumentCommit.Step) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder["web.config"] as String, name = step.rawValue as String] in
            try DocumentFile(path).commit(Array("new".utf8), replacing: Array("old".utf8)) { step in
                if step.rawValue == name { kill(getpid(), SIGKILL) }
            }
        }
        let text = try folder.text("web.config")
        #expect(text == (step == .written || step == .named ? "old" : "new"))
        try document.commit(Array("next".utf8), replacing: Array(text.utf8))
        #expect(try folder.text("web.config") == "next")
        #expect(folder.names == ["web.config"])
    }

    /// An editor saves `other` over the document just before the exchange, and the writer is killed just after it.
    private static func commitAndDie(_ path: String, after other: String) throws {
        try DocumentFile(other).commit(Array("theirs".utf8), replacing: nil)
        try DocumentFile(path).commit(Array("new".utf8), replacing: Array("old".utf8)) { step in
            if step == .named { unsafe rename(other, path) }
            if step == .exchanged { kill(getpid(), SIGKILL) }
        }
    }

    @Test(.startsForeignChildren) func aSaveThatADyingWriterDisplacedIsPutBackByTheNextOne() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder["web.config"] as String, other = folder["editor~"] as String] in
            try Self.commitAndDie(path, after: other)
        }
        #expect(try folder.text("web.config") == "new")
        try document.edit { contents in
            #expect(contents?.bytes == Array("theirs".utf8))
            return Array("theirs and mine".utf8)
        }
        #expect(try folder.text("web.config") == "theirs and mine")
        #expect(folder.names == ["web.config"])
    }

    @Test(.startsForeignChildren) func aSaveThatADyingWriterDisplacedIsKeptBesideALaterSave() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder["web.config"] as String, other = folder["editor~"] as String] in
            try Self.commitAndDie(path, after: other)
        }
        try saveByRename("later")
        try document.commit(Array("mine".utf8), replacing: Array("later".utf8))
        #expect(try folder.text("web.config") == "mine")
        let displaced = folder.names.filter { $0.hasPrefix("web.config.displaced-") }
        #expect(displaced.count == 1)
        #expect(try displaced.map { try folder.text($0) } == ["theirs"])
        #expect(folder.names.count == 2)
    }

    @Test func filesOfLikeNamesAreNobodysLeftovers() throws {
        for name in [
            ".web.config.notes.new", ".web.config.swap", ".web.config.1-2.3-4.swap", ".web.configuration.1f.new",
        ] {
            try folder.write(name, "mine")
        }
        try document.commit(new, replacing: old)
        #expect(folder.names.count == 5)
    }

    @Test(.startsForeignChildren) func twentyProcessesEditingAtOnceLoseNothing() async throws {
        try folder.write("web.config", "0")
        let path = folder["web.config"]
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        for _ in 0..<25 {
                            try DocumentFile(path, patience: .seconds(120)).edit { contents in
                                let text = String(decoding: try #require(contents).bytes, as: UTF8.self)
                                return Array(String(try #require(Int(text)) + 1).utf8)
                            }
                        }
                    }
                }
            }
        }
        #expect(try folder.text("web.config") == "500")
        #expect(folder.names == ["web.config"])
    }
}
