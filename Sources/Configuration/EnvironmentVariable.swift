/// A variable that a program is given, as a pool or a section states it.
public struct EnvironmentVariable: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
