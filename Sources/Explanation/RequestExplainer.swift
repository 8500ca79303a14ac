public import Configuration
import HTTP1
import HostModel
import Modules
import Pipeline
public import Platform
import Wire

/// Follows one request through a configuration as the router and a worker would, and notes what decides.
public struct RequestExplainer {
    private let server: ServerConfiguration
    private let model: HostModel

    /// Why nothing can be explained.
    public struct Failure: Error, Sendable {
        public let reason: String
    }

    public init(_ server: ServerConfiguration) {
        self.server = server
        model = HostModel.build(server)
    }

    /// - Parameters:
    ///   - url: `http://host:port/path?query`, without its scheme, or a path.
    ///   - host: for the Host field, in place of the URL's.
    ///   - address: the server's address at which the request arrives; 127.0.0.1 where neither it nor the URL says.
    public func explain(
        url: String, host: String? = nil, verb: String = "GET", address: InternetAddress? = nil
    ) throws(Failure) -> Explanation {
        let request: RequestText
        do throws(RequestText.Failure) {
            request = try RequestText(url: url, host: host, verb: verb, local: address.map { IPAddress($0) })
        } catch {
            guard case .refused(let problem) = error else {
                throw Failure(reason: "\"\(url)\" is no URL; write for example http://www.example.com/folder/page.htm")
            }
            return Explanation(
                verb: verb, url: url,
                answer: .init(
                    status: problem.answer.status,
                    text: "The router refuses it as malformed before it looks for a site",
                    detail: "\(problem.answer.heading): \(problem.answer.text)", module: "HTTP.sys"))
        }
        var explanation = Explanation(
            verb: verb, url: request.url, answer: .init(text: "The connection is refused: nobody listens there"))
        let search = BindingSearch(
            model, host: request.host, local: request.local, isSecure: request.scheme == .https)
        for site in search.stopped {
            explanation.warnings.append(
                "Site \"\(site.name)\" has a binding that fits and is not started with the server (\(place(site.line)))"
            )
        }
        guard let found = search.candidates.first else {
            if search.isListening {
                explanation.answer = .init(
                    status: RequestError.hostname.answer.status,
                    text: "No binding of port \(request.local.port) takes the host name \"\(request.host)\"",
                    detail: RequestError.hostname.answer.heading, module: "HTTP.sys")
            }
            return explanation
        }
        describe(found, search, &explanation)
        if request.scheme == .https {
            explanation.warnings.append("https is not served yet: what follows holds when it is")
        }
        guard !found.site.isQuarantined else {
            explanation.answer = unavailable("The site is not served", found.site.quarantine)
            return explanation
        }
        follow(request, found.site, &explanation)
        return explanation
    }

    // MARK: Site, application, pool

    private func describe(
        _ found: BindingSearch.Candidate, _ search: BindingSearch, _ explanation: inout Explanation
    ) {
        explanation.site = .init(found.site.name, "id \(found.site.id)", [place(found.site.line)])
        let others = search.candidates.dropFirst().map { "\($0.binding.information) of \"\($0.site.name)\"" }
        let before = others.isEmpty ? "" : "; before \(others.joined(separator: ", "))"
        let address = found.isAddressBound ? ", at its address" : ""
        explanation.binding = .init(
            found.binding.information, found.kind.text + address + before, [place(found.binding.line)])
    }

    private func unavailable(_ what: String, _ problems: [Problem]) -> Explanation.Answer {
        let reasons = problems.map { "\($0.file):\($0.line.number): \($0.message)" }
        return .init(status: 503, text: what, detail: reasons.joined(separator: "; "), module: "HTTP.sys")
    }

    /// The application as the router finds it, and its pool; nil where the router answers.
    private func follow(_ request: RequestText, _ site: Site, _ explanation: inout Explanation) {
        let candidates = site.applications.filter { Self.begins(request.path, with: $0.path) }
        guard let application = candidates.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else {
            explanation.answer = .init(
                status: 404, text: "No application of the site takes the path", module: "HTTP.sys")
            return
        }
        explanation.application = .init(application.path, "", [place(application.line)])
        guard application.quarantine.isEmpty,
            let pool = model.poolsByName()[application.pool.lowercased()], !pool.isQuarantined
        else {
            let pool = model.poolsByName()[application.pool.lowercased()]
            explanation.answer = unavailable(
                "The application is not served", application.quarantine + (pool?.quarantine ?? []))
            return
        }
        explanation.pool = .init(
            pool.name, pool.autoStart ? "starts with the server" : "does not start with the server",
            [place(pool.line)])
        if !pool.autoStart {
            explanation.warnings.append("Until the pool \"\(pool.name)\" is started, its requests are answered 503")
        }
        let run = PipelineRun(server, model, pool)
        do throws(WireError) {
            run.perform(
                try request.requestHead(siteID: site.id, applicationPath: application.path), site, &explanation)
        } catch {
            explanation.answer = .init(
                status: 400, text: "The request cannot be handed to a worker", detail: "\(error)")
        }
    }

    /// As the worker decides it.
    static func begins(_ path: String, with prefix: String) -> Bool {
        let path = Array(path.utf8)
        return SiteNode.begins(path.span, with: prefix == "/" ? [] : Array(prefix.utf8))
    }

    private func place(_ line: SourceLine) -> String { "\(server.file.document.path):\(line.number)" }
}
