import Administration
import Configuration
import Events
import Platform

/// A text in a person's editor: a copy in a folder of the person's own, as secrets may stand in it.
enum EditedText {
    enum Outcome {
        /// With this exit status.
        case ended(Int32)
        /// It says what makes no sense, and may be edited again.
        case mistaken(any Error)
    }

    /// Has a copy of `old` edited until `make` has made something of it, or it is given up; the exit status. Nobody's work is
    /// lost: what differs and was not made stays in the folder, and where that is told.
    static func edit(_ old: [UInt8], as name: String, _ make: ([UInt8]) throws -> Outcome) throws -> Int32 {
        let folder = try Folder.makeTemporary(in: Places.temporary, prefix: "hostelry-edit-")
        let draft = "\(folder)/\(name)"
        do {
            try DocumentFile(draft, creationMode: 0o600).commit(old, replacing: nil)
        } catch {
            Folder.removeTree(folder)
            throw error
        }
        var isDone = false
        defer {
            if isDone || (try? ServerConfiguration.bytes(ofFile: draft)) == old {
                Folder.removeTree(folder)
            } else {
                StandardError.write(Array("hostelry: the text is kept in \(LineText.printable(draft))\n".utf8))
            }
        }
        while true {
            let status = try TextEditor.edit(draft, with: editor())
            guard status == 0 else {
                throw Execution.Refusal("the editor ended with the status \(status); nothing is changed")
            }
            switch try make(try ServerConfiguration.bytes(ofFile: draft)) {
            case .ended(let status):
                isDone = status == 0
                return status
            case .mistaken(let error):
                guard Question.canBeAsked else { throw error }
                _ = Execution.tell(error)
                guard Question.ask("Edit it again?", usually: true) else { return 1 }
            }
        }
    }

    private static func editor() throws(Execution.Refusal) -> String {
        let named = ["VISUAL", "EDITOR"].compactMap { CurrentProcess.variable($0) }.first { !$0.isEmpty }
        if let named { return named }
        guard StandardInput.isTerminal else {
            throw Execution.Refusal(
                "there is no terminal for an editor; set VISUAL or EDITOR to a program that needs none, or type 'hostelry "
                    + "config set'")
        }
        return "vi"
    }
}
