import Arguments
import Platform

/// Help, completion, man pages.
extension Execution {
    static func help(_ invocation: Invocation) -> Int32 {
        let parser = ArgumentParser(Commands.root, version: Commands.versionText)
        switch parser.parse(invocation.operands + ["--help"], width: helpWidth) {
        case .show(let text): print(text, terminator: "")
        case .refuse(let error):
            StandardError.write(Array(error.text.utf8))
            return UsageError.exitStatus
        // What ends in --help is shown or refused.
        case .run: break
        }
        return 0
    }

    /// Unit: columns.
    static var helpWidth: Int { min(CurrentProcess.terminalWidth ?? 80, 100) }

    static func completion(_ invocation: Invocation) -> Int32 {
        guard let script = invocation.operands.first.flatMap(CompletionScript.init(rawValue:)) else { return 2 }
        print(script.text(Commands.root.name), terminator: "")
        return 0
    }

    static func man(_ invocation: Invocation) -> Int32 {
        guard let folder = invocation.text(Commands.manualFolder).map(Places.absolute) else {
            guard let page = Commands.manual.page(of: invocation.operands) else { return help(invocation) }
            print(page.roff, terminator: "")
            return 0
        }
        guard invocation.operands.isEmpty else { return fail("--all writes every page; no command is named with it") }
        let pages = Commands.manual.pages
        do {
            try Folder.make(folder)
            for page in pages { try DocumentFile("\(folder)/\(page.fileName)").edit { _ in Array(page.roff.utf8) } }
        } catch {
            return fail("\(error)")
        }
        print("\(pages.count) pages are written into \(folder).")
        return 0
    }
}
