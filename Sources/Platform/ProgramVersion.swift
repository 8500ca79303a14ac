/// Which version of Hostelry this is.
public enum ProgramVersion {
    public static let text = "0.1"
}
