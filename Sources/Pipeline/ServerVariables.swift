public import Platform
import Wire

/// A request's server variables (IIS: `IHttpContext::GetServerVariable`, `SetServerVariable`).
///
/// Each is worked out when it is asked for; a request that nobody asks costs nothing.
///
///     request.serverVariables["REMOTE_ADDR"]            // 203.0.113.9
///     request.serverVariables["TENANT"] = Array("a".utf8)
public struct ServerVariables {
    let request: RequestContext

    /// The value: bytes of UTF-8, as far as the client's own are. Empty where the variable has nothing to say of the
    /// request, nil where there is none of that name.
    ///
    /// Setting takes the place of what the variable would say; nil gives it back. A variable of a header (`HTTP_…`,
    /// `HEADER_…`) changes the request's header itself, for all who look at it from then on; nil removes it. Control
    /// characters of its value become blanks. `Content-Length` and `Transfer-Encoding` stay as the client sent them, and
    /// only the variable changes.
    public subscript(name: ServerVariableName) -> [UInt8]? {
        get {
            for variable in request.setVariables where variable.name == name { return variable.value }
            return switch name.meaning {
            case .variable(let variable): value(of: variable)
            case .header(let wanted, let isLoose):
                header { ServerVariableName.matches($0, wanted, isLoose: isLoose) }
            case .other: nil
            }
        }
        nonmutating set {
            if case .header(let wanted, let isLoose) = name.meaning, setHeader(wanted, isLoose, to: newValue) { return }
            request.setVariables.removeAll { $0.name == name }
            if let newValue { request.setVariables.append((name, newValue)) }
        }
    }

    /// All values of a header as one; nil where there is none.
    private func header(_ isWanted: (Span<UInt8>) -> Bool) -> [UInt8]? {
        let head = request.head
        var values: [UInt8]?
        for index in 0..<head.fieldCount {
            let name = head.name(ofField: index)
            guard isWanted(name) else { continue }
            if values != nil { values?.append(copying: name.equalsIgnoringCase("cookie") ? "; " : ", ") }
            values = (values ?? []) + [UInt8](copying: head.value(ofField: index))
        }
        return values
    }

    /// Whether the request's header was changed.
    private func setHeader(_ wanted: [UInt8], _ isLoose: Bool, to value: [UInt8]?) -> Bool {
        let name = isLoose ? wanted.map { $0 == 0x5F ? 0x2D : $0 } : wanted
        guard name.allSatisfy(ResponseHeaders.isToken), !Self.isFraming(name.span) else { return false }
        let clean = value?.map { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F ? 0x20 : $0 }
        let changed = request.head.settingField(name, to: clean) {
            ServerVariableName.matches($0, wanted, isLoose: isLoose)
        }
        guard let changed else { return false }
        request.head = changed
        request.hasChangedHead = true
        return true
    }

    private static func isFraming(_ name: Span<UInt8>) -> Bool {
        name.equalsIgnoringCase("content-length") || name.equalsIgnoringCase("transfer-encoding")
    }
}

extension RequestContext {
    public var serverVariables: ServerVariables { ServerVariables(request: self) }

    /// How much of `resolution.path` names the script; what follows is path information, which only handlers with
    /// `allowPathInfo` have. All of it before MapRequestHandler.
    public var scriptLength: Int { frame.candidate?.scriptLength ?? resolution.path.count }

    /// The file of the script; nil where its name must not reach the file system.
    public var scriptPath: SystemPath? { resolution.physicalPath(first: scriptLength) }
}
