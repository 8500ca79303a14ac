import Administration
import Arguments
import Configuration
import Events
import Operations
import Platform

/// Sections of the configuration at a path.
extension Execution {
    static func getConfiguration(_ invocation: Invocation) -> Int32 {
        withServerFile(invocation) { edit in
            let place = try SectionPlace(edit)
            let element = try place.system.configuration(at: place.path).section(place.section)
            let selector = try invocation.operand(Commands.selector).map { try ElementSelector($0) }
            let values = try naming(in: element, listedBy: place.listing) {
                try selector.map { try SectionValue.at($0, in: element) } ?? SectionValue.all(in: element)
            }
            if invocation.has(Commands.valuesJSON) {
                print(
                    JSONValue.object([
                        "path": .text(place.name), "section": .text(place.section),
                        "values": .array(values.map(\.json)),
                    ]).text())
            } else if invocation.has(Commands.valueOnly) {
                for value in values { print(LineText.printable(value.value, limit: .max)) }
            } else {
                print(SectionValue.table(values), terminator: "")
            }
            return 0
        }
    }

    static func setConfiguration(_ invocation: Invocation) -> Int32 {
        if invocation.has(Commands.toWebConfig) { return setInWebConfig(invocation) }
        return withServerFile(invocation) { edit in
            let changes = try changes(invocation, from: 2)
            let place = try SectionPlace(edit)
            return try change(place, said: "is set") { editor in
                let section = try editor.editor(seal: edit.seal)
                for change in changes { try section.apply(change) }
            } verified: { element in
                for case .set(let selector, _) in changes {
                    for value in try SectionValue.at(selector, in: element) { place.warn(of: value) }
                }
            }
        }
    }

    static func unsetConfiguration(_ invocation: Invocation) -> Int32 {
        if invocation.has(Commands.toWebConfig) { return unsetInWebConfig(invocation) }
        return withServerFile(invocation) { edit in
            let selectors = try invocation.operands.dropFirst(2).map { try ElementSelector($0) }
            return try change(try SectionPlace(edit), said: "is unset") { editor in
                guard !selectors.isEmpty else { return editor.clear(entirely: true) }
                let section = try editor.editor(seal: edit.seal)
                for selector in selectors { try section.clear(selector) }
            }
        }
    }

    /// - Parameter verified: looks at the section as it will hold at the place.
    private static func change(
        _ place: SectionPlace, said: String, _ body: (ConfigurationEditor) throws -> Void,
        verified: (Element) throws -> Void = { _ in }
    ) throws -> Int32 {
        let edit = place.edit
        let file = try edit.hosting().file
        guard
            let editor = ConfigurationEditor(
                place.system, section: place.section, at: place.path, in: file, of: ConfigurationPath())
        else { throw Refusal("the server's file has no say at \(place.name)") }
        try naming(
            in: try place.system.configuration(at: place.path).section(place.section), listedBy: place.listing
        ) { try body(editor) }
        let (document, stored) = try file.applied()
        try editor.verify(document)
        if stored != edit.old {
            let objects = HostedObjects(try edit.server.replacing(document))
            let system = ConfigurationSystem(server: objects.server, layout: objects.layouts())
            try verified(try system.configuration(at: place.path).section(place.section))
        }
        return try edit.submit(
            stored,
            .init(
                comment: "\(place.name) \(place.section)", done: "\(place.section) \(said) for \(place.name)",
                isAskedAbout: true))
    }
}

/// The section and the place that a command names.
private struct SectionPlace {
    let edit: ServerFileEdit
    let system: ConfigurationSystem
    let path: ConfigurationPath
    /// The full path, for example `system.webServer/defaultDocument`.
    let section: String

    init(_ edit: ServerFileEdit) throws {
        self.edit = edit
        system = ConfigurationSystem(server: edit.server, layout: edit.objects.layouts())
        let named = ConfigurationPath(text: edit.invocation.operand(Commands.place) ?? "")
        // Asking for a site that is not there tells which ones are.
        if let site = named.site { _ = try edit.site(site) }
        path = edit.objects.known(named) ?? named
        section = try Self.section(edit.invocation.operand(Commands.sectionWord) ?? "", in: edit.server)
    }

    private static func section(_ text: String, in server: ServerConfiguration) throws -> String {
        let names = SectionNames(server)
        switch names.meaning(of: text) {
        case .section(let path): return path
        case .several(let paths): throw Execution.Refusal("\"\(text)\" may be \(paths.joined(separator: " or "))")
        case .none:
            let words = names.all.compactMap { $0.split(separator: "/").last.map(String.init) }
            throw Execution.Refusal(Spelling.missing("section", text, among: names.all + words))
        }
    }

    /// As it is typed; `/` is the server.
    var name: String { path.site.map { ([$0] + path.segments).joined(separator: "/") } ?? "/" }

    /// The command that shows what the section has.
    var listing: String { "hostelry config get \(name) \(section)" }

    /// Tells of a file that says otherwise than the server's.
    func warn(of value: SectionValue) {
        guard let file = value.source.file, file != edit.path else { return }
        let text =
            "\(value.name) will be \"\(value.value)\" all the same at \(name), as \(value.source) says; "
            + "change it there"
        StandardError.write(Array("hostelry: warning: \(LineText.printable(text))\n".utf8))
    }
}

extension SectionValue {
    static func table(_ values: [SectionValue]) -> String {
        TextTable(
            ["NAME", "VALUE", "FROM"], values.map { [$0.name, $0.value, $0.source.description] },
            width: Execution.tableWidth
        ).text
    }

    var json: JSONValue {
        .object([
            "name": .text(name), "value": .text(value), "file": .optional(source.file),
            "line": source.file == nil ? .null : .integer(source.line), "location": .optional(source.locationPath),
        ])
    }
}
