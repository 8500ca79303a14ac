/// How often a change is tried that others overtake.
public enum ChangeAttempts {
    /// Each time on what the configuration is then.
    public static let limit = 50
}
