import Administration
import Arguments
import Configuration
import ConfigurationStore
import Delegation
import Events
import HostModel
import Operations
import Platform

/// Changing a site's web.config.
extension Execution {
    /// In an editor, until it has no mistakes or is given up.
    static func editWebConfig(_ place: String, _ invocation: Invocation) -> Int32 {
        tellingRefusals {
            let access = try WebConfigAccess(invocation, place)
            let read = try access.ask(.read)
            let old = Array((read.text ?? ConfigurationEditor.empty).utf8)
            return try EditedText.edit(old, as: "web.config") { new in
                guard new != old else {
                    print("There is nothing to change: \(LineText.printable(read.file)) says so already.")
                    return .ended(0)
                }
                guard let text = String(validating: new, as: UTF8.self) else {
                    throw Refusal("the text is not UTF-8; nothing is changed")
                }
                do {
                    let report = try access.ask(.write(text: text, replacing: read.hash))
                    print("\(LineText.printable(report.file)) is changed\(sections(of: report)).")
                    return .ended(0)
                } catch let refusal as ControlRefusal where refusal.code == .rejected {
                    return .mistaken(refusal)
                }
            }
        }
    }

    /// `hostelry config set … --web-config`
    static func setInWebConfig(_ invocation: Invocation) -> Int32 {
        let settings = Array(invocation.operands.dropFirst(2))
        return changeWebConfig(invocation) {
            WebConfigOrder.Change(section: $0, set: settings, isTrial: $1)
        }
    }

    /// `hostelry config unset … --web-config`
    static func unsetInWebConfig(_ invocation: Invocation) -> Int32 {
        let selectors = Array(invocation.operands.dropFirst(2))
        return changeWebConfig(invocation) {
            WebConfigOrder.Change(section: $0, unset: selectors, isWhole: selectors.isEmpty, isTrial: $1)
        }
    }

    private static func changeWebConfig(
        _ invocation: Invocation, _ change: (_ section: String, _ isTrial: Bool) -> WebConfigOrder.Change
    ) -> Int32 {
        tellingRefusals {
            let access = try WebConfigAccess(invocation, invocation.operand(Commands.place) ?? "")
            let section = invocation.operand(Commands.sectionWord) ?? ""
            let isTrial = invocation.has(Commands.trial)
            let asks = !invocation.has(Commands.yes) && Question.canBeAsked
            if isTrial || asks {
                let now = try access.ask(.read)
                let then = try access.ask(.change(change(section, true)))
                let difference = UnifiedDifference.text(
                    from: Array((now.text ?? "").utf8), now.file, to: Array((then.text ?? "").utf8),
                    "\(now.file) (changed)")
                print(DifferenceText(difference, isColoured: isColoured).text, terminator: "")
                guard !isTrial else {
                    print("Nothing is changed: that is what would be.")
                    return 0
                }
                guard Question.ask("Make this change?") else {
                    print("Nothing is changed.")
                    return 1
                }
            }
            let report = try access.ask(.change(change(section, false)))
            print(
                report.sections.isEmpty
                    ? "There is nothing to change: \(LineText.printable(report.file)) says so already."
                    : "\(LineText.printable(report.file)) is changed\(sections(of: report)).")
            return 0
        }
    }

    private static func sections(of report: WebConfigReport) -> String {
        report.sections.isEmpty ? "" : ": \(LineText.printable(report.sections.joined(separator: ", ")))"
    }

    /// Whatever keeps it from being done is told on standard error.
    static func tellingRefusals(_ body: () throws -> Int32) -> Int32 {
        do {
            return try body()
        } catch {
            return tell(error)
        }
    }

    static func tell(_ error: any Error) -> Int32 {
        guard let refusal = error as? ControlRefusal else { return fail("\(error)") }
        let problems = (JSONValue.object(refusal.details)["problems"]?.elements ?? []).compactMap(Problem.init)
        StandardError.write(Array(ProblemList(problems).text.utf8))
        return fail(refusal.text)
    }
}
