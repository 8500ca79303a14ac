/// Something that happened: what kind of thing, to which object, in a sentence, with its numbers.
public struct Event: Equatable, Sendable {
    public let kind: EventKind
    /// What it happened to, for example `Site "shop.example"`; empty for the server itself.
    public let object: String
    /// A sentence an administrator understands without looking anything up.
    public let text: String
    public let fields: [Field]

    public init(_ kind: EventKind, _ object: String, _ text: String, _ fields: [Field] = []) {
        self.kind = kind
        self.object = object
        self.text = text
        self.fields = fields
    }

    /// An event of the server itself.
    public init(_ kind: EventKind, _ text: String, _ fields: [Field] = []) { self.init(kind, "", text, fields) }

    public func adding(_ field: Field) -> Event { Event(kind, object, text, fields + [field]) }

    /// A name of ours (`pid`) and a value from anywhere.
    public struct Field: Equatable, Sendable {
        public let name: String
        public let value: Value

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = .text(value)
        }

        public init(_ name: String, _ value: some BinaryInteger) {
            self.name = name
            self.value = .number(Int64(clamping: value))
        }

        public enum Value: Equatable, Sendable {
            case text(String)
            case number(Int64)
        }
    }
}
