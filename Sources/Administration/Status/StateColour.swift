/// The colours of states, for whoever watches at a terminal that shows them.
enum StateColour {
    /// What a terminal is told before a state; nil for one that says nothing.
    private static func code(of state: String) -> String? {
        switch state.lowercased() {
        case "started", "ready", "running": "32"
        case "starting", "stopping", "draining", "suspended": "33"
        case "stopped", "quarantined", "offline", "killed": "31"
        default: nil
        }
    }

    /// The cell of a table with its blanks, which stay without colour.
    static func coloured(_ cell: String, state: String) -> String {
        guard let code = code(of: state) else { return cell }
        let text = String(cell.reversed().drop { $0 == " " }.reversed())
        return "\u{1B}[\(code)m\(text)\u{1B}[0m" + cell.dropFirst(text.count)
    }
}
