internal import Administration
internal import Configuration
internal import Crypto
internal import HostModel
internal import Operations
internal import Platform

/// The process that does one errand, as whose it is: reads, changes, checks and writes one web.config, with no more rights
/// than that user has.
public enum WebConfigClerk {
    /// The program's only argument.
    public static let argument = "--web-config-errand"
    /// As IIS limits the file (`MaxWebConfigFileSizeInKB`). Unit: bytes.
    static let fileLimit = 250 << 10
    private static let errandLimit = 256 << 20

    /// Takes the errand from descriptor 0, and prints the answer on descriptor 1; the exit status.
    public static func run() -> Int32 {
        // The tenant's own processes run as the same user.
        guard (try? CurrentProcess.forbidInspection()) != nil else { return 2 }
        guard let bytes = (try? StandardInput.read(limit: errandLimit)) ?? nil,
            let errand = WebConfigErrand(line: bytes)
        else { return 2 }
        let answer: ControlAnswer
        do throws(ControlRefusal) {
            answer = .done(try perform(errand).members)
        } catch {
            answer = .refused(error)
        }
        // Whoever waits for it takes all of it.
        guard (try? FileDescriptor(owning: 1).sendAll(Array(answer.line.utf8), timeout: 10_000)) != nil else {
            return 1
        }
        return 0
    }

    static func perform(_ errand: WebConfigErrand) throws(ControlRefusal) -> WebConfigReport {
        do {
            return try WebConfigWork(errand).report()
        } catch let refusal as ControlRefusal {
            throw refusal
        } catch let error as FileError {
            throw refusal(error)
        } catch let error as ConfigurationError {
            throw rejected([error])
        } catch {
            throw ControlRefusal(.rejected, "Nothing is changed: \(error).")
        }
    }

    private static func refusal(_ error: FileError) -> ControlRefusal {
        switch error.kind {
        case .changed: ControlRefusal(.changed, "\(error.path) was saved by somebody else; nothing is changed.")
        case .denied, .readOnly, .identityLost:
            ControlRefusal(.denied, "User \(CurrentProcess.user) may not: \(error).")
        case .notRegular:
            ControlRefusal(.failed, "\(error.path) is a link, a pipe or a folder, and no file; it is left alone.")
        default: ControlRefusal(.failed, "\(error); nothing is changed.")
        }
    }

    static func rejected(_ errors: [ConfigurationError]) -> ControlRefusal {
        ControlRefusal(
            .rejected, "The file would have mistakes; nothing is changed.",
            [.init("problems", .array(errors.map { Problem($0).json }))])
    }
}

/// One errand while it is done.
private struct WebConfigWork {
    let errand: WebConfigErrand
    let place: ConfigurationPath
    let system: ConfigurationSystem

    init(_ errand: WebConfigErrand) throws {
        self.errand = errand
        place = ConfigurationPath(site: errand.order.site, path: errand.order.path)
        let server = try ServerConfiguration(
            bytes: Array(errand.server.text.utf8), path: errand.server.path,
            schemaFiles: errand.server.schemaFiles.map { ($0.path, Array($0.text.utf8)) },
            variables: ["HOSTELRY_CONFIG_DIR": errand.server.folder])
        system = ConfigurationSystem(server: server, layout: HostedObjects(server).layouts())
    }

    func report() throws -> WebConfigReport {
        // A link that another tenant made leads nowhere.
        let folder = try HeldFolder.trusted(errand.folder)
        let spelling = try NameLookup.find("web.config", inFolder: errand.folder)?.spelling ?? "web.config"
        let document = try HeldDocument(spelling, in: folder)
        let old = try document.read(limit: WebConfigClerk.fileLimit)
        switch errand.order.action {
        case .read: return try report(document.path, old, [])
        case .write(let text, let replacing):
            guard replacing == old.map(Self.hash) else { throw FileError(document.path, .changed) }
            return try write(Array(text.utf8), over: old, document)
        case .change(let change):
            let new = try changed(old, change, document.path)
            guard !change.isTrial else {
                return try report(document.path, new, try check(new, over: old, document.path))
            }
            return try write(new, over: old, document)
        }
    }

    private func write(
        _ new: [UInt8], over old: [UInt8]?, _ document: borrowing HeldDocument
    ) throws -> WebConfigReport {
        guard new.count <= WebConfigClerk.fileLimit else {
            throw FileError(document.path, .tooLarge(limit: WebConfigClerk.fileLimit))
        }
        let sections = try check(new, over: old, document.path)
        if new != old { try document.commit(new, replacing: old) }
        return try report(document.path, new, sections, isWritten: new != old)
    }

    private func report(
        _ path: String, _ bytes: [UInt8]?, _ sections: [String], isWritten: Bool = false
    ) throws -> WebConfigReport {
        var text: String?
        if let bytes {
            guard let decoded = String(validating: bytes, as: UTF8.self) else {
                throw ControlRefusal(
                    .failed, "\(path) is not stored in UTF-8, and cannot be carried; edit it where it lies.")
            }
            text = decoded
        }
        return WebConfigReport(
            file: path, text: text, hash: bytes.map(Self.hash), sections: sections, isWritten: isWritten)
    }

    private static func hash(_ bytes: [UInt8]) -> String { SHA256.hash(bytes).description }

    /// The file with the change made.
    private func changed(_ old: [UInt8]?, _ change: WebConfigOrder.Change, _ path: String) throws -> [UInt8] {
        let file = DraftFile(try Document(bytes: old ?? Array(ConfigurationEditor.empty.utf8), path: path))
        let section = try section(change.section)
        guard let editor = ConfigurationEditor(system, section: section, at: place, in: file, of: place) else {
            throw ControlRefusal(.malformed, "\(path) has no say there.")
        }
        if change.isWhole { editor.clear(entirely: true) }
        if !change.set.isEmpty || !change.unset.isEmpty {
            let edited = try editor.editor { _ throws(OperationError) in
                throw .invalidData(": a secret is written where the server's keys are, by an administrator")
            }
            for text in change.set { try edited.apply(try SectionChange(text)) }
            for text in change.unset { try edited.clear(try ElementSelector(text)) }
        }
        let (document, stored) = try file.applied()
        try editor.verify(document)
        return stored
    }

    /// The full path of a section that is named by it, or by its last word.
    private func section(_ name: String) throws -> String {
        switch SectionNames(try system.configuration(at: place).declarations).meaning(of: name) {
        case .section(let path): return path
        case .several(let paths):
            throw ControlRefusal(.malformed, "\"\(name)\" may be \(paths.joined(separator: " or ")).")
        case .none: throw ControlRefusal(.malformed, "There is no section \"\(name)\".")
        }
    }

    /// The sections that are different. Throws what is wrong now and was not before.
    private func check(_ new: [UInt8], over old: [UInt8]?, _ path: String) throws -> [String] {
        let document = try Document(bytes: new, path: path)
        let before = try? old.map { try Document(bytes: $0, path: path) }
        let known = before.flatMap { try? system.problems(ofFileAt: place, with: $0) } ?? []
        let problems = try system.problems(ofFileAt: place, with: document).news(since: known, saying: \.text)
        guard problems.isEmpty else { throw WebConfigClerk.rejected(problems) }
        let (was, becomes) = (sections(of: before), sections(of: document))
        return Set(was.keys).union(becomes.keys).filter { was[$0] != becomes[$0] }.sorted()
    }

    /// What a file says of each section, by the section's path.
    private func sections(of document: Document?) -> [String: [String]] {
        guard let document else { return [:] }
        let declared = (try? system.configuration(at: place))?.declarations ?? system.server.file.declarations
        let file = ConfigurationFile(document, inheriting: declared, schema: system.server.schema)
        return Dictionary(grouping: file.occurrences, by: \.section).mapValues { occurrences in
            occurrences.map { "\($0.location.path ?? "") \($0.element.text)" }
        }
    }
}
