internal import Glibc

/// The system's wall clock.
public enum WallClock {
    /// Whole seconds since 1970, UTC.
    public static func seconds() -> Int64 { Int64(time(nil)) }
}
