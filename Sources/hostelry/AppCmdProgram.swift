import AppCmd
import ConfigurationStore
import Platform

/// `hostelry appcmd …`, and the program under the name `appcmd`.
enum AppCmdProgram {
    /// The words behind the name; nil where another command is meant.
    static func words(_ arguments: [String]) -> [String]? {
        let program = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        if [AppCmd.name, AppCmd.name + ".exe"].contains(program) { return Array(arguments.dropFirst()) }
        // Help in the form of the other commands is asked for as theirs.
        guard arguments.count > 1, arguments[1] == AppCmd.name, arguments.dropFirst(2) != ["--help"] else { return nil }
        return Array(arguments.dropFirst(2))
    }

    /// Whether the command may look at a shared folder.
    static func mayMeetShare(_ words: [String]) -> Bool {
        // What makes no sense is told by the command itself.
        (try? Redirection.beside(places(words).configuration))?.isEnabled ?? false
    }

    /// Prints the answer, and returns the exit status.
    static func run(_ words: [String]) -> Int32 {
        let (configuration, state) = places(words)
        let answer = AppCmd.run(words, LocalInstance(configuration: configuration, state: state))
        print(answer.text(isWindows: CurrentProcess.variable("HOSTELRY_CRLF") == "1"), terminator: "")
        return answer.exitStatus
    }

    private static func places(_ words: [String]) -> (configuration: String, state: String) {
        func place(_ given: String?, _ usual: String) -> String {
            Places.absolute(given.flatMap { $0.isEmpty ? nil : $0 } ?? usual)
        }
        let given = AppCmd.places(words)
        return (place(given.configuration, Places.configuration), place(given.state, Places.state))
    }
}
