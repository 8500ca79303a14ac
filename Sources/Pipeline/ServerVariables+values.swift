import HostModel
import Platform
import Wire

/// What each server variable says. Source: IIS's table of server variables, RFC 3875 where that is silent.
extension ServerVariables {
    func value(of variable: ServerVariable) -> [UInt8]? {
        let head = request.head
        return switch variable {
        case .allHTTP: Self.allHTTP(head)
        case .allRaw: Self.allRaw(head)
        case .cacheURL: head.url(withPort: true)
        case .contentLength: Self.contentLength(head)
        case .contentType: head.field("content-type").map { [UInt8](copying: head.value(ofField: $0)) } ?? []
        case .gatewayInterface: Array("CGI/1.1".utf8)
        case .https: Array((head.scheme == .https ? "on" : "off").utf8)
        case .httpMethod, .requestMethod: [UInt8](copying: head.method)
        case .httpURL, .unencodedURL, .requestURI: Self.target(head).path
        case .httpVersion, .serverProtocol: Array((head.version == .http11 ? "HTTP/1.1" : "HTTP/1.0").utf8)
        case .localAddress, .serverAddress: Self.text(head.local.address)
        case .remoteAddress, .remoteHost: Self.text(head.remote.address)
        case .remotePort: Array("\(head.remote.port)".utf8)
        case .queryString: [UInt8](copying: head.query)
        case .serverName: Self.serverName(head)
        case .serverPort: Array("\(head.local.port)".utf8)
        case .serverPortSecure: Array((head.scheme == .https ? "1" : "0").utf8)
        // What applications look for, as the logs say it too.
        case .serverSoftware: Array("Microsoft-IIS/10.0".utf8)
        case .siteID: Array("\(head.siteID)".utf8)
        case .siteMetabasePath: Array("/LM/W3SVC/\(head.siteID)".utf8)
        case .authenticationType: user.map { Array($0.scheme.utf8) } ?? []
        case .authenticatedUser, .logonUser, .remoteUser, .unmappedRemoteUser: user.map { Array($0.name.utf8) } ?? []
        default: request.isResolved ? value(of: variable, in: request.resolution) : nil
        }
    }

    /// Of a variable that the place in the configuration says.
    private func value(of variable: ServerVariable, in resolution: Resolution) -> [UInt8]? {
        switch variable {
        case .applicationMetabasePath:
            let path = resolution.application.path
            return Array("/LM/W3SVC/\(request.head.siteID)/ROOT\(path == "/" ? "" : path)".utf8)
        case .applicationPhysicalPath:
            return Self.folder(resolution, root: resolution.application.path).map { $0 + [0x2F] }
        case .applicationPool: return Array(resolution.application.pool.utf8)
        case .documentRoot: return Self.folder(resolution, root: "/")
        case .siteName: return Array(resolution.siteName.utf8)
        case .scriptName, .url: return Array(resolution.path.prefix(request.scriptLength))
        case .pathInfo: return pathInfo(resolution)
        case .pathTranslated: return pathTranslated(resolution)
        case .scriptFilename, .scriptTranslated: return request.scriptPath.map { Array($0.bytes) }
        case .requestFilename: return resolution.physicalPath.map { Array($0.bytes) }
        default: return nil
        }
    }

    // MARK: Paths

    /// Whether PATH_INFO is what follows the script alone (IIS: `AllowPathInfoForScriptMappings`).
    private var hasPathInfo: Bool { request.handler?.allowsPathInfo ?? false }

    private func pathInfo(_ resolution: Resolution) -> [UInt8] {
        hasPathInfo ? Array(resolution.path.dropFirst(request.scriptLength)) : resolution.path
    }

    /// Where the path information would lie on disk if it were a path of the site.
    private func pathTranslated(_ resolution: Resolution) -> [UInt8]? {
        guard hasPathInfo else { return request.scriptPath.map { Array($0.bytes) } }
        let path = pathInfo(resolution)
        if path.isEmpty { return [] }
        return request.pipeline.physicalPath(of: path, request).map { Array($0.bytes) }
    }

    /// The folder of the application with that path, without a slash at the end.
    private static func folder(_ resolution: Resolution, root path: String) -> [UInt8]? {
        let path = path == "/" ? [] : Array(path.utf8)
        let application = resolution.site.applications.first { $0.path == path }
        guard let root = application?.virtualDirectories.first(where: { $0.path == path })?.root.bytes else {
            return nil
        }
        return Array(root.last == 0x2F ? root.dropLast() : root)
    }

    // MARK: The request

    private var user: AuthenticatedUser? {
        if case .authenticated(let user) = request.user { user } else { nil }
    }

    private static func allRaw(_ head: RequestHead) -> [UInt8] {
        var text: [UInt8] = []
        for index in 0..<head.fieldCount {
            text.append(copying: head.name(ofField: index))
            text.append(copying: ": ")
            text.append(copying: head.value(ofField: index))
            text.append(copying: "\r\n")
        }
        return text
    }

    private static func allHTTP(_ head: RequestHead) -> [UInt8] {
        var text: [UInt8] = []
        for index in 0..<head.fieldCount {
            text.append(copying: "HTTP_")
            let name = head.name(ofField: index)
            for position in name.indices {
                let byte = name[position]
                text.append(byte == 0x2D ? 0x5F : byte &- 0x61 < 26 ? byte & 0xDF : byte)
            }
            text.append(copying: ":")
            text.append(copying: head.value(ofField: index))
            text.append(copying: "\n")
        }
        return text
    }

    /// Nil where only the body's end tells.
    private static func contentLength(_ head: RequestHead) -> [UInt8]? {
        switch head.body {
        case .none: Array("0".utf8)
        case .length(let length): Array("\(length)".utf8)
        case .chunked: nil
        }
    }

    private static func text(_ address: IPAddress) -> [UInt8] {
        var text: [UInt8] = []
        address.appendText(to: &text)
        return text
    }

    /// The host that the client asked for, without its port; this end's address where it named none.
    private static func serverName(_ head: RequestHead) -> [UInt8] {
        var host = target(head).host ?? head.field("host").map { [UInt8](copying: head.value(ofField: $0)) } ?? []
        if let colon = host.lastIndex(of: 0x3A), !host[colon...].contains(0x5D) { host.removeSubrange(colon...) }
        guard host.isEmpty else { return host }
        let address = text(head.local.address)
        return head.local.address.v4 == nil ? [0x5B] + address + [0x5D] : address
    }

    /// The parts of the target as the client sent it; proxies name the host in it too.
    private static func target(_ head: RequestHead) -> (host: [UInt8]?, path: [UInt8]) {
        let target = [UInt8](copying: head.target)
        guard let first = target.first, first != 0x2F, let colon = target.firstIndex(of: 0x3A),
            target[colon...].starts(with: "://".utf8)
        else { return (nil, target) }
        let rest = target[(colon + 3)...]
        let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
        let host = rest[..<end]
        let path = Array(rest[end...])
        return (Array(host), path.first == 0x2F ? path : [0x2F] + path)
    }
}
