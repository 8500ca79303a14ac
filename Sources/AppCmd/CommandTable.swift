internal import Operations

/// The verbs, as they are typed.
enum VerbName: String, CaseIterable {
    case list, set, add, delete, start, stop, recycle, search, lock, unlock, clear, reset, migrate, install, uninstall,
        restore, configure, inspect

    var name: String { rawValue.uppercased() }
}

/// A parameter of a verb, for help.
struct ParameterRow {
    /// As typed, for example `/name:NAME`.
    let form: String
    let meaning: String

    init(_ form: String, _ meaning: String) {
        self.form = form
        self.meaning = meaning
    }
}

/// A verb of an object: what it takes, what its help says, what it does.
struct VerbRow {
    let verb: VerbName
    let summary: String
    /// Whether an object may be named behind the object's kind.
    let takesIdentifier: Bool
    let parameters: [ParameterRow]
    /// Lines behind `appcmd`.
    let examples: [String]
    let perform: @Sendable (Session) throws(Failure) -> Void

    init(
        _ verb: VerbName, _ summary: String, takesIdentifier: Bool = true, parameters: [ParameterRow] = [],
        examples: [String] = [], perform: @escaping @Sendable (Session) throws(Failure) -> Void
    ) {
        self.verb = verb
        self.summary = summary
        self.takesIdentifier = takesIdentifier
        self.parameters = parameters
        self.examples = examples
        self.perform = perform
    }
}

/// A kind of object with its verbs.
struct ObjectRow {
    let kind: ObjectKind
    let summary: String
    /// What identifies one, for help.
    let identifier: String
    let verbs: [VerbRow]

    func verb(_ word: String) -> VerbRow? { verbs.first { $0.verb.rawValue == word.lowercased() } }
}

/// The one list of what appcmd can do (`CommandTable+rows`).
enum CommandTable {
    static func object(_ word: String) -> ObjectRow? {
        ObjectKind(word: word).flatMap { kind in objects.first { $0.kind == kind } }
    }

    static func run(_ line: ArgumentLine, _ instance: any Instance) throws(Failure) -> Answer {
        if line.wantsHelp { return try HelpText.answer(line) }
        guard let verbWord = line.verb, let objectWord = line.object else {
            throw Failure(lines: HelpText.usage, code: 87, isHelp: true)
        }
        guard let object = object(objectWord) else { throw .unknownObject(objectWord) }
        guard let row = object.verb(verbWord) else { throw .unknownVerb(verbWord, on: object.kind.name) }
        guard row.takesIdentifier || line.identifier == nil else { throw .noPrefix(line.identifier ?? "") }
        let input = InputText(instance)
        for _ in 1..<ChangeAttempts.limit {
            let (answer, isConflict) = perform(row, Session(line, object.kind, row.verb, instance, input))
            if !isConflict { return answer }
        }
        return perform(row, Session(line, object.kind, row.verb, instance, input)).answer
    }

    private static func perform(_ row: VerbRow, _ session: Session) -> (answer: Answer, isConflict: Bool) {
        var code: UInt32 = 0
        var isConflict = false
        do throws(Failure) {
            try row.perform(session)
            // What a verb has not written itself is said to be done: it is now.
            do throws(Failure) {
                try session.commit()
            } catch {
                session.lines = []
                throw error
            }
            code = session.code
        } catch {
            // What was done before stays said; what was to be written is not.
            session.lines = (session.pending.isEmpty ? session.lines : []) + error.lines
            code = error.code
            isConflict = error.isConflict
        }
        let debug = session.line.debug ? [Answer.debugLine(code)] : []
        return (Answer(session.lines + debug, code: code), isConflict)
    }
}
