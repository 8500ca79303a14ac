/// Why handlers do not take a request, for `hostelry explain`.
extension PathSettings {
    package struct PassedOver {
        package let handler: Handler
        package let reason: String
    }

    /// The handlers whose path fits `path` and that do not take a request with `verb`, whatever else decides.
    package func passedOver(_ path: [UInt8], verb: [UInt8]) -> [PassedOver] {
        var passed: [PassedOver] = []
        for handler in handlers.all {
            let fits = handler.path.matches(path.span)
            guard fits || handler.allowsPathInfo && handler.path.scriptLength(in: path.span) != nil else { continue }
            if !handler.takes(verb: verb.span) {
                let verbs = (handler.verbs ?? []).map { String(decoding: $0, as: UTF8.self) }
                passed.append(PassedOver(handler: handler, reason: "takes only \(verbs.joined(separator: ", "))"))
            } else {
                passed.append(PassedOver(handler: handler, reason: handler.resourceType.reason))
            }
        }
        return passed
    }
}

extension Handler.ResourceType {
    fileprivate var reason: String {
        switch self {
        case .file: "wants a file that is there"
        case .directory: "wants a folder that is there"
        case .either: "wants a file or folder that is there"
        case .unspecified: "stands behind the one that takes it"
        case .missing: "leaves what exists to the handlers behind it"
        }
    }
}
