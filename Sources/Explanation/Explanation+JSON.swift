public import Administration

extension Explanation {
    /// One object. Members may be added later, none is taken away.
    public var json: JSONValue {
        .object([
            "verb": .text(verb), "url": .text(url), "answer": answer.json, "site": Self.optional(site),
            "binding": Self.optional(binding), "application": Self.optional(application),
            "pool": Self.optional(pool), "virtualDirectory": Self.optional(virtualDirectory),
            "physicalPath": .optional(physicalPath), "files": .array(files.map { .text($0) }),
            "handlers": .array(handlers.map(\.json)), "passedOver": .array(passedOver.map(\.json)),
            "modules": .array(modules.map(\.json)), "warnings": .array(warnings.map { .text($0) }),
        ])
    }

    private static func optional(_ item: Item?) -> JSONValue { item?.json ?? .null }
}

extension Explanation.Answer {
    fileprivate var json: JSONValue {
        .object([
            "status": .optional(status), "subStatus": .integer(subStatus), "text": .text(text),
            "detail": .text(detail), "module": .text(module), "stage": .text(stage),
            "entries": .array(entries.map(\.json)), "decidedBy": .array(decidedBy.map(\.json)),
        ])
    }
}

extension Explanation.Item {
    fileprivate var json: JSONValue {
        .object(["name": .text(name), "detail": .text(detail), "sources": .array(sources.map { .text($0) })])
    }
}

extension Explanation.ModuleCall {
    fileprivate var json: JSONValue {
        .object([
            "stage": .text(stage), "module": .text(name), "outcome": .text(outcome), "path": .text(path),
            "source": .text(source),
        ])
    }
}
