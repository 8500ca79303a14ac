import HTTP1
import Pipeline
import Wire

/// What a request's conditions (RFC 9110, 13) mean for a response.
enum Preconditions: Equatable {
    case fulfilled
    /// The client has it already: 304.
    case notModified
    /// 412.
    case failed

    /// - Parameters:
    ///   - tag: the strong entity tag with its quotes; `nil` where there is none.
    ///   - modified: the last change; `nil` where it is not known. Unit: seconds since 1970.
    static func evaluate(_ head: RequestHead, tag: [UInt8]?, modified: Int64?) -> Preconditions {
        evaluate(ConditionFields(head), head, tag: tag, modified: modified)
    }

    /// The order is that of RFC 9110, 13.2.2.
    static func evaluate(
        _ fields: ConditionFields, _ head: RequestHead, tag: [UInt8]?, modified: Int64?
    ) -> Preconditions {
        guard !fields.isEmpty else { return .fulfilled }
        if let index = fields.ifMatch {
            guard matches(head, "if-match", from: index, tag: tag, isStrong: true) else { return .failed }
        } else if let date = fields.ifUnmodifiedSince.date(head), let modified, modified > date {
            return .failed
        }
        if let index = fields.ifNoneMatch {
            return matches(head, "if-none-match", from: index, tag: tag, isStrong: false) ? .notModified : .fulfilled
        }
        if let date = fields.ifModifiedSince.date(head), let modified {
            return modified <= date ? .notModified : .fulfilled
        }
        return .fulfilled
    }

    /// Whether `*` or the tag stands in some field of the name.
    private static func matches(
        _ head: RequestHead, _ name: StaticString, from first: Int, tag: [UInt8]?, isStrong: Bool
    ) -> Bool {
        var index: Int? = first
        while let field = index {
            if EntityTagList.list(head.value(ofField: field), holds: tag, isStrong: isStrong) { return true }
            index = head.field(name, from: field + 1)
        }
        return false
    }
}

/// Where a request's conditions and its range stand among its fields, found in one pass.
struct ConditionFields {
    /// A field that may stand once: twice it is as if it were not understood.
    enum Single: Equatable {
        case none
        case one(Int)
        case several

        fileprivate mutating func add(_ index: Int) { self = self == .none ? .one(index) : .several }

        /// Seconds since 1970.
        func date(_ head: RequestHead) -> Int64? {
            guard case .one(let index) = self else { return nil }
            return HTTPDate.seconds(head.value(ofField: index))
        }
    }

    /// The first of those fields.
    private(set) var ifMatch: Int?
    private(set) var ifNoneMatch: Int?
    private(set) var ifModifiedSince = Single.none
    private(set) var ifUnmodifiedSince = Single.none
    private(set) var ifRange = Single.none
    private(set) var range = Single.none
    /// Whether none of them is there.
    private(set) var isEmpty = true

    init(_ head: RequestHead) {
        for index in 0..<head.fieldCount {
            let name = head.name(ofField: index)
            switch name.count {
            case 5 where name.equalsIgnoringCase("range"): range.add(index)
            case 8 where name.equalsIgnoringCase("if-match"): ifMatch = ifMatch ?? index
            case 8 where name.equalsIgnoringCase("if-range"): ifRange.add(index)
            case 13 where name.equalsIgnoringCase("if-none-match"): ifNoneMatch = ifNoneMatch ?? index
            case 17 where name.equalsIgnoringCase("if-modified-since"): ifModifiedSince.add(index)
            case 19 where name.equalsIgnoringCase("if-unmodified-since"): ifUnmodifiedSince.add(index)
            default: continue
            }
            isEmpty = false
        }
    }

    /// Whether what `If-Range` says about the response lets a range be sent (RFC 9110, 13.1.5); true without one.
    ///
    /// - Parameters:
    ///   - tag: the strong entity tag; a weak one of the client's fits nothing.
    ///   - modified: the last change, nil where it does not tell the response from all others.
    func allowRange(_ head: RequestHead, tag: [UInt8]?, modified: Int64?) -> Bool {
        switch ifRange {
        case .none: return true
        case .several: return false
        case .one(let index):
            let value = head.value(ofField: index)
            if let date = HTTPDate.seconds(value) { return modified == date }
            guard let tag, value.count > 0, value[0] == 0x22 else { return false }
            return value.equals(tag.span)
        }
    }
}
