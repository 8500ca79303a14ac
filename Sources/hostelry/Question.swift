import Platform

/// Asks the person at the terminal.
enum Question {
    /// Whether there is one: a script is never asked.
    static var canBeAsked: Bool { StandardInput.isTerminal && StandardError.isTerminal }

    /// `usually` is what an empty line means; the end of the input means no.
    static func ask(_ text: String, usually: Bool = false) -> Bool {
        while true {
            StandardError.write(Array("\(text) [\(usually ? "Y/n" : "y/N")] ".utf8))
            guard let line = readLine() else { return false }
            switch line.lowercased() {
            case "y", "yes": return true
            case "n", "no": return false
            case "": return usually
            default: continue
            }
        }
    }
}
