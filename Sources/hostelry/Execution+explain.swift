import Administration
import Arguments
import Configuration
import Events
import Explanation
import Platform

extension Execution {
    static func explain(_ invocation: Invocation) -> Int32 {
        var address: InternetAddress?
        if let text = invocation.text(Commands.address) {
            address = InternetAddress(text)
            guard address != nil else { return fail("\"\(text)\" is no IP address") }
        }
        let server: ServerConfiguration
        do throws(ConfigurationError) {
            server = try self.server(invocation)
        } catch {
            return fail(error.description)
        }
        do throws(RequestExplainer.Failure) {
            let explanation = try RequestExplainer(server).explain(
                url: invocation.operand(Commands.url) ?? "", host: invocation.text(Commands.host),
                verb: invocation.text(Commands.verb) ?? "GET", address: address)
            print(
                invocation.has(Commands.explainJSON) ? explanation.json.text() : explanation.text, terminator: "")
            if invocation.has(Commands.explainJSON) { print() }
            return explanation.answer.isGood ? 0 : 1
        } catch {
            return fail(error.reason)
        }
    }

    static func requests(_ invocation: Invocation) -> Int32 {
        var slow: UInt64 = 0
        if let text = invocation.text(Commands.slow) {
            guard let time = Quantity.nanoseconds(text) else {
                _ = fail("\"\(text)\" is no time; write 250ms, 1s or 2min")
                return UsageError.exitStatus
            }
            slow = time
        }
        return ask(.requests, invocation) { _, members in
            guard let all = RequestList(members) else { return fail("the server's answer is not understood") }
            let requests = all.only(
                site: invocation.text(Commands.requestsOfSite), pool: invocation.text(Commands.requestsOfPool),
                atLeast: slow)
            if invocation.has(Commands.requestsJSON) {
                print(requests.json.text())
                return 0
            }
            for line in requests.lines { print(line) }
            if requests.isEmpty { print(all.isEmpty ? "No request is in work." : "No such request is in work.") }
            return 0
        }
    }
}
