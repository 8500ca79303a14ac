//  AppCmd: the command line of IIS, for scripts that were written for it (reference §7).
//
//      words ─► ArgumentLine ─► CommandTable: object × verb ─► Session ─► Answer: lines and an exit code
//
//  `CommandTable` is the one list of objects, verbs, identifiers and parameters: parsing, execution and help derive from
//  it. A `Session` reads the configuration through an `Instance` when a verb first needs it, gathers changes in drafts
//  (`Operations`) and submits them together. `Row` is an object that a list found, `RowOutput` its five forms. `Failure`
//  is each way to refuse, with IIS's words and code. `PipedObjects` is what another appcmd has printed as XML.
//
//  Nothing here touches a disk or a socket: the program that links the room brings an `Instance`.

public enum AppCmd {
    /// The name of the program, and of the command of `hostelry` that is the same.
    public static let name = "appcmd"

    /// Does what the words behind the program's name say.
    public static func run(_ words: [String], _ instance: any Instance) -> Answer {
        let line: ArgumentLine
        do throws(Failure) {
            line = try ArgumentLine(words)
        } catch {
            return Answer(error, debug: false)
        }
        do throws(Failure) {
            return try CommandTable.run(line, instance)
        } catch {
            return Answer(error, debug: line.debug)
        }
    }

    /// The instance's folders that the words name: `/apphostconfig:` and `/state:`. Nil: the usual ones.
    public static func places(_ words: [String]) -> (configuration: String?, state: String?) {
        guard let line = try? ArgumentLine(words) else { return (nil, nil) }
        return (line.configuration, line.state)
    }
}
