internal import Configuration

/// For people who read sentences. Tools with words of their own translate each case instead.
extension OperationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownObject(let name): "there is no \"\(name)\""
        case .unknownAttribute(let name): "the section has no \"\(name)\""
        case .unknownSection(let name): "there is no section \"\(name)\""
        case .malformedSelector(let text):
            "\"\(text)\" names nothing: what is meant has the form limits.maxBandwidth or files.[value='index.html']"
        case .noSuchItem: "the collection has no such item"
        case .duplicate(let name): "there is \"\(name)\" already"
        case .refusedItem(_, let reason, _): reason
        case .invalidValue(let attribute, let reason): "\(attribute) cannot be that: \(reason)"
        case .missingValue(let name): "\(name) needs a value: \(name)=VALUE"
        case .configuration(let error): error.file.isEmpty ? error.text : error.description
        case .invalidData(let detail): "the data is invalid \(detail)"
        }
    }
}
