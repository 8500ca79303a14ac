import Arguments
import Configuration
import ConfigurationStore
import Events
import Operations
import Platform

/// What a shell's completion script asks (`CompletionScript`). It prints what may follow, and never an error: whoever presses
/// Tab has not asked for anything yet.
enum CompletionProgram {
    /// The words behind the question: the shell, and its line; nil where a command is meant.
    static func words(_ arguments: [String]) -> [String]? {
        arguments.count > 1 && arguments[1] == CompletionScript.question ? Array(arguments.dropFirst(2)) : nil
    }

    static func run(_ words: [String]) -> Int32 {
        guard let shell = words.first.flatMap(CompletionScript.init(rawValue:)) else { return 0 }
        switch shell {
        case .bash:
            guard words.count == 3 else { return 0 }
            let line = ShellLine(words[2], breaks: words[1])
            guard !line.isRedirected else { return tell(["files"]) }
            answer(Array(line.words.dropFirst()), line.word) { candidate in
                line.replacement(candidate.word).map { "=\($0)" }
            }
        case .zsh, .fish:
            guard words.count > 1 else { return 0 }
            // fish hands over the word as it is typed.
            let word = shell == .fish ? ShellLine(words[words.count - 1], breaks: "").word : words[words.count - 1]
            answer(Array(words[1..<(words.count - 1)]), word) { candidate in
                candidate.meaning.isEmpty ? "=\(candidate.word)" : "=\(candidate.word)\t\(candidate.meaning)"
            }
        }
        return 0
    }

    private static func answer(
        _ before: [String], _ word: String, _ line: @escaping (Completion.Candidate) -> String?
    ) {
        let completion = Completion(Commands.root, after: before, word: word)
        _ = tell(completion.candidates.compactMap(line))
        guard let value = completion.value else { return }
        switch value.kind {
        case .file: _ = tell(["files"])
        case .folder: _ = tell(["folders"])
        case .number, .choice: break
        case .text(let placeholder):
            guard let kind = NameKind(placeholder, value, completion.path) else { return }
            guard kind != .paths else {
                _ = tell(["files"])
                return
            }
            let named = completion.options[Commands.configuration.name]?.last
            let configuration = Places.absolute(named.map(fromHome) ?? Places.configuration)
            let names = { () -> Int32 in
                tell(
                    kind.names(in: configuration)
                        // A name that steers a terminal would do so when it is offered.
                        .filter { LineText.printable($0, limit: .max) == $0 }
                        .map { Completion.Candidate(value.prefix + $0) }
                        .filter { $0.word.hasPrefix(word) }
                        .compactMap(line))
            }
            guard (try? Redirection.beside(configuration))?.isEnabled == true else {
                _ = names()
                return
            }
            // A share may hang.
            SeparateProcess.run(names)
        }
    }

    /// What the shell will make of `~/sites`; it has not yet.
    private static func fromHome(_ path: String) -> String {
        path.hasPrefix("~/") ? (CurrentProcess.variable("HOME") ?? "~") + path.dropFirst() : path
    }

    private static func tell(_ lines: [String]) -> Int32 {
        print(lines.map { "\($0)\n" }.joined(), terminator: "")
        return 0
    }
}

/// What the placeholders of the table mean by a name.
private enum NameKind {
    case sites
    case applications
    case pools
    /// Sites, applications, and `/`.
    case places
    case sections
    /// Of files and folders.
    case paths

    init?(_ placeholder: String, _ value: Completion.Value, _ command: [String]) {
        switch value.option ?? placeholder {
        case "SITE", "--site": self = .sites
        case "POOL", "--pool", "--apppool": self = .pools
        case "SITE/PATH": self = .applications
        case "PATH": self = command.dropFirst().first == Commands.config.name ? .places : .paths
        case "SECTION": self = .sections
        case "PLACE": self = .places
        default: return nil
        }
    }

    func names(in configuration: String) -> [String] {
        guard let server = try? FileInForce.of(configuration).read(variables: [:]) else { return [] }
        switch self {
        case .sites: return HostedObjects(server).sites.map(\.name)
        case .pools: return HostedObjects(server).pools.map(\.name)
        case .applications: return HostedObjects(server).sites.flatMap(\.applications).map(\.name)
        case .places:
            let sites = HostedObjects(server).sites
            let applications = sites.flatMap(\.applications).filter { $0.path != "/" }
            return ["/"] + sites.map(\.name) + applications.map(\.name)
        case .sections: return server.file.declarations.sections.keys.sorted()
        case .paths: return []
        }
    }
}
