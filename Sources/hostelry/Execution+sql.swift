import Administration
import Arguments
import Configuration
import ConfigurationStore
import Events
import Platform

extension Execution {
    static func sql(_ invocation: Invocation) -> Int32 {
        ConfigurationHistory.compareAll(state: statePath(invocation))
        let desk = QuestionDesk(state: statePath(invocation)) { () throws(ConfigurationError) in
            try server(invocation)
        }
        let limit = invocation.number(Commands.limit) ?? 1000
        let answer: QuestionDesk.Answer
        do throws(QuestionDesk.Failure) {
            answer = try desk.answer(
                invocation.operand(Commands.question) ?? "", rowLimit: Int(limit),
                timeLimit: .seconds(invocation.number(Commands.timeout) ?? 10))
        } catch {
            return fail(error.description)
        }
        let text = AnswerText(answer.table)
        switch invocation.text(Commands.format) {
        case "json": print(text.json)
        case "csv": print(text.csv, terminator: "")
        default: print(text.table, terminator: "")
        }
        for note in answer.notes { _ = fail(note) }
        return 0
    }
}
