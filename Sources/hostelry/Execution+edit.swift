import Administration
import Arguments
import Configuration
import Events
import Platform

extension Execution {
    /// The draft lies in a folder of the person's own, as secrets may stand in it.
    static func edit(_ invocation: Invocation) -> Int32 {
        if let place = invocation.operand(Commands.editedPlace), place != "/" {
            return editWebConfig(place, invocation)
        }
        return withServerFile(invocation, repeats: false) { edit in
            let folder = try Folder.makeTemporary(in: Places.temporary, prefix: "hostelry-edit-")
            let draft = "\(folder)/applicationHost.config"
            try DocumentFile(draft, creationMode: 0o600).commit(edit.old, replacing: nil)
            do {
                let status = try editing(draft, edit)
                if status == 0 { Folder.removeTree(folder) } else { keep(draft, folder, edit) }
                return status
            } catch {
                keep(draft, folder, edit)
                throw error
            }
        }
    }

    /// Has the draft edited until it is sound and made, or given up.
    private static func editing(_ draft: String, _ edit: ServerFileEdit) throws -> Int32 {
        while true {
            let status = try TextEditor.edit(draft, with: editor())
            guard status == 0 else { throw Refusal("the editor ended with the status \(status); nothing is changed") }
            let text = try ServerConfiguration.bytes(ofFile: draft)
            do {
                if text != edit.old { try check(text, replacing: edit.old, edit.invocation) }
            } catch {
                guard Question.canBeAsked else { throw error }
                _ = fail("\(error)")
                guard Question.ask("Edit it again?", usually: true) else { return 1 }
                continue
            }
            return try edit.submit(
                text, .init(comment: "", done: "The change is made", isAskedAbout: true, isChecked: true))
        }
    }

    static func editor() throws(Refusal) -> String {
        let named = ["VISUAL", "EDITOR"].compactMap { CurrentProcess.variable($0) }.first { !$0.isEmpty }
        if let named { return named }
        guard StandardInput.isTerminal else {
            throw Refusal(
                "there is no terminal for an editor; set VISUAL or EDITOR to a program that needs none, or type 'hostelry "
                    + "config set'")
        }
        return "vi"
    }

    /// Nobody's work is lost; where there is none, nothing is left.
    private static func keep(_ draft: String, _ folder: String, _ edit: ServerFileEdit) {
        guard let text = try? ServerConfiguration.bytes(ofFile: draft), text != edit.old else {
            return Folder.removeTree(folder)
        }
        StandardError.write(Array("hostelry: the text is kept in \(LineText.printable(draft))\n".utf8))
    }
}
