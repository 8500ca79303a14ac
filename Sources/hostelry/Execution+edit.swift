import Arguments
import Configuration

extension Execution {
    static func edit(_ invocation: Invocation) -> Int32 {
        if let place = invocation.operand(Commands.editedPlace), place != "/" {
            return editWebConfig(place, invocation)
        }
        return withServerFile(invocation, repeats: false) { edit in
            try EditedText.edit(edit.old, as: "applicationHost.config") { text in
                do {
                    if text != edit.old { try check(text, replacing: edit.old, invocation) }
                } catch {
                    return .mistaken(error)
                }
                return .ended(
                    try edit.submit(
                        text, .init(comment: "", done: "The change is made", isAskedAbout: true, isChecked: true)))
            }
        }
    }
}
