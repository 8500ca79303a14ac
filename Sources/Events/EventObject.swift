/// What events call the objects that they happen to.
public enum EventObject {
    private static let poolPrefix = "Pool \""

    public static func pool(_ name: String) -> String { "\(poolPrefix)\(name)\"" }

    public static func site(_ name: String) -> String { "Site \"\(name)\"" }

    /// The name of the pool that an event happened to; nil for another object.
    public static func poolName(of object: String) -> String? {
        guard object.hasPrefix(poolPrefix), object.hasSuffix("\""), object.utf8.count > poolPrefix.utf8.count else {
            return nil
        }
        return String(object.dropFirst(poolPrefix.count).dropLast())
    }
}
