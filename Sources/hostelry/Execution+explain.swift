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
        ask(.requests, invocation) { _, members in
            let answer = JSONValue.object(members)
            if invocation.has(Commands.requestsJSON) {
                print(answer.text())
                return 0
            }
            let requests = answer["requests"]?.elements ?? []
            for request in requests { print(line(of: request)) }
            if requests.isEmpty { print("No request is in work.") }
            return 0
        }
    }

    private static func line(of request: JSONValue) -> String {
        func text(_ name: String) -> String { request[name]?.string ?? "" }
        let time = "\(request["milliseconds"]?.number ?? 0) ms"
        return LineText.printable(
            "\(time)  \(text("verb")) \(text("url"))  \(text("module")) (\(text("stage")))  site \(text("site")), "
                + "pool \(text("pool")), client \(text("client"))")
    }
}
