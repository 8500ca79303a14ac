import Administration
import Configuration
import ConfigurationStore
import Events
import Operations
import Platform

/// Other names for sites and pools. What goes by the old name moves in the same change.
extension Execution {
    struct Renaming {
        /// For what is printed: ` and is "new" now, with 2 locations`.
        let text: String
        /// Files beside the server's that change with it.
        var others: [FileChange] = []
    }

    static func renameSite(
        _ name: String, to new: String, _ hosting: HostingEditor, _ edit: ServerFileEdit
    ) throws -> Renaming {
        guard name != new else { throw Refusal("that is its name already") }
        let count = try hosting.renameSite(name, to: new)
        let others = try inAdministration(edit) { $0.moveReferences(ofSite: name, to: new) }
        return Renaming(
            text: " and is \"\(new)\" now\(count == 0 ? "" : ", with \(counted(count, "location"))")",
            others: others)
    }

    static func renamePool(_ name: String, to new: String, _ hosting: HostingEditor) throws -> Renaming {
        guard name != new else { throw Refusal("that is its name already") }
        let count = try hosting.renamePool(name, to: new)
        return Renaming(
            text: " and is \"\(new)\" now\(count == 0 ? "" : ", as \(counted(count, "application")) that named it say")"
        )
    }

    /// A pool's user belongs to its name, and stays its own: what it was granted is not handed to another.
    static func tellOfNewUser(_ old: String, _ new: String, _ edit: ServerFileEdit) {
        guard CurrentProcess.user == 0, let pool = try? edit.pool(old),
            pool.element.element("processModel").member("identityType") == "ApplicationPoolIdentity"
        else { return }
        let text =
            "the pool \"\(new)\" runs as a user of its own, and not as that of \"\(old)\": give it what that one was given "
            + "('hostelry pool grant'); 'hostelry check' tells what it cannot reach"
        StandardError.write(Array("hostelry: warning: \(LineText.printable(text))\n".utf8))
    }

    private static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

    /// The change of the administration.config in force, where there is one: it has locations and owners of sites, too.
    ///
    /// - Parameter body: answers how much it changed.
    static func inAdministration(_ edit: ServerFileEdit, _ body: (DraftFile) -> Int) throws -> [FileChange] {
        let path = try FileInForce.of(configurationPath(edit.invocation)).administrationPath
        guard let bytes = try ServerConfiguration.bytesIfThere(ofFile: path) else { return [] }
        let draft = DraftFile(try Document(bytes: bytes, path: path))
        guard body(draft) > 0 else { return [] }
        return [FileChange(path, expected: .init(bytes), content: try draft.applied().stored)]
    }
}
