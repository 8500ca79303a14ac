import HTTP1
import Pipeline
import Wire

/// What a request's conditions (RFC 9110, 13) mean for a file.
enum Preconditions: Equatable {
    case fulfilled
    /// The client has the file already: 304.
    case notModified
    /// 412.
    case failed

    /// - Parameters:
    ///   - tag: the file's strong entity tag with its quotes; `nil` where it has none.
    ///   - modified: the file's last change. Unit: seconds since 1970.
    static func evaluate(_ head: RequestHead, tag: [UInt8]?, modified: Int64) -> Preconditions {
        if let index = head.field("if-match") {
            guard matches(head, "if-match", from: index, tag: tag, isStrong: true) else { return .failed }
        } else if let index = head.field("if-unmodified-since"),
            let date = HTTPDate.seconds(head.value(ofField: index)), modified > date
        {
            return .failed
        }
        if let index = head.field("if-none-match") {
            return matches(head, "if-none-match", from: index, tag: tag, isStrong: false) ? .notModified : .fulfilled
        }
        if let index = head.field("if-modified-since"), let date = HTTPDate.seconds(head.value(ofField: index)) {
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
