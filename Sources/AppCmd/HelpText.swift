/// Help, of the `CommandTable`'s rows.
enum HelpText {
    static let usage =
        [
            "General purpose command line administration tool of the server, as IIS has it.", "",
            "APPCMD (command) (object-type) <identifier> </parameter1:value1 ...>", "", "Supported object types:", "",
        ]
        + CommandTable.objects.map { "  \(padded($0.kind.name, 10))\($0.summary)" }
        + [
            "", "(To list commands supported by each object use /?, for example 'appcmd.exe site /?')", "",
            "General parameters:", "",
        ]
        + general.map { "  \(padded($0.form, 24))\($0.meaning)" }
        + ["", "Use \"!\" to escape parameters that have the same names as general parameters: \"/!debug:value\"."]

    private static let general = [
        ParameterRow("/?", "Displays help; does not execute the command."),
        ParameterRow("/text<:value>", "Output as text, the default; /text:* shows all attributes, /text:NAME one."),
        ParameterRow("/xml", "Output as XML, which another appcmd reads with /in."),
        ParameterRow("/in or -", "Reads XML from standard input and works on the objects in it."),
        ParameterRow("/config<:*>", "Shows the configuration of objects; :* with inherited and default values."),
        ParameterRow("/metadata", "Shows where configuration comes from and whether it is locked."),
        ParameterRow("/commit", "Whose configuration file is written."),
        ParameterRow("/apphostconfig:FILE", "The configuration file. Also: HOSTELRY_CONFIG."),
        ParameterRow("/state:FOLDER", "The state folder; a value with a slash. Also: HOSTELRY_STATE."),
        ParameterRow("/debug", "Shows the whole exit code; a process returns its low byte."),
    ]

    /// Help is asked for: exit code 1 on IIS.
    static func answer(_ line: ArgumentLine) throws(Failure) -> Answer {
        Answer(try lines(line), code: 1, isHelp: true)
    }

    private static func lines(_ line: ArgumentLine) throws(Failure) -> [String] {
        guard let first = line.verb else { return usage }
        guard let second = line.object else {
            if let object = CommandTable.object(first) { return lines(of: object) }
            guard let verb = VerbName(rawValue: first.lowercased()) else { throw .unknownObject(first) }
            return lines(of: verb)
        }
        // Either order, for help.
        let (object, word) =
            CommandTable.object(second).map { ($0, first) } ?? CommandTable.object(first).map { ($0, second) }
            ?? (nil, first)
        guard let object else { throw .unknownObject(second) }
        guard let row = object.verb(word) else { throw .unknownVerb(word, on: object.kind.name) }
        return lines(of: row, object)
    }

    private static func lines(of object: ObjectRow) -> [String] {
        [object.summary, "", "APPCMD (command) \(object.kind.name) <identifier> <-parameter1:value1 ...>", ""]
            + ["Identifier: \(object.identifier)", "", "Supported commands:", ""]
            + object.verbs.map { "  \(padded($0.verb.rawValue, 12))\($0.summary)" }
            + [
                "",
                "(To get help for each command use /?, for example 'appcmd.exe add \(object.kind.name.lowercased()) /?'.)",
            ]
    }

    private static func lines(of verb: VerbName) -> [String] {
        ["Objects that support \(verb.name):", ""]
            + CommandTable.objects.compactMap { object in
                object.verb(verb.rawValue).map { "  \(padded(object.kind.name, 10))\($0.summary)" }
            }
    }

    private static func lines(of row: VerbRow, _ object: ObjectRow) -> [String] {
        let identifier = row.takesIdentifier ? " <identifier>" : ""
        var lines = [
            row.summary, "", "APPCMD \(row.verb.rawValue) \(object.kind.name)\(identifier) <-parameter1:value1 ...>",
        ]
        if row.takesIdentifier { lines += ["", "  identifier", "    \(object.identifier)"] }
        for parameter in row.parameters { lines += ["", "  \(parameter.form)", "    \(parameter.meaning)"] }
        if !row.examples.isEmpty { lines += ["", "Examples:", ""] + row.examples.map { "  appcmd \($0)" } }
        return lines
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
