import HostModel
import Wire

/// The server variables that a site's access log shows. The worker tells them with each response.
///
/// Section: `system.applicationHost/sites`, `site/logFile/customFields` with the `sourceType` ServerVariable.
final class LoggedVariables {
    private let names: [(name: ServerVariableName, text: [UInt8])]
    /// Of one value. Unit: bytes.
    private let limit: Int
    /// Whether all are the same for everybody who asks for a path.
    let followFromPath: Bool

    /// What all of them may take, so that they leave room for the response's head. Unit: bytes.
    private static let maximumTotal = ResponseHead.maximumSize / 2

    /// Nil where the log shows none.
    init?(_ log: LogFile) {
        let names = log.serverVariables
        if names.isEmpty { return nil }
        self.names = names.map { (ServerVariableName($0), Array($0.utf8)) }
        limit = Int(log.maxCustomFieldLength)
        followFromPath = self.names.allSatisfy { each in
            if case .variable(let variable) = each.name.meaning { variable.followsFromPath } else { false }
        }
    }

    /// Those that have something to say.
    func values(of request: RequestContext) -> HeaderBlock {
        var block = HeaderBlock()
        var rest = Self.maximumTotal
        for (name, text) in names {
            guard var value = request.serverVariables[name], !value.isEmpty else { continue }
            LogSettings.CustomField.cut(&value, to: min(limit, rest))
            block.append(text.span, value.span)
            rest -= value.count
        }
        return block
    }
}
