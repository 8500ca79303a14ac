/// How one text of the server's file differs from another, as objects and as text. No secret stands in either.
public struct VersionComparison: Sendable {
    public let objects: [ObjectDifference]
    /// As `diff -u` shows it; empty where there is no difference but in secrets.
    public let text: String

    /// Nil where one of the texts is no configuration.
    public init?(
        from old: [UInt8], _ oldTitle: String, to new: [UInt8], _ newTitle: String, path: String, state: String
    ) {
        guard let before = ShownText.of(old, path: path, state: state),
            let after = ShownText.of(new, path: path, state: state)
        else { return nil }
        objects = ModelDifferences.between(old, new, path: path, state: state)
        text = UnifiedDifference.text(from: before, oldTitle, to: after, newTitle)
    }
}
