internal import Platform

/// Whether a file system has room for what is to be copied.
public enum ContentRoom {
    /// What to say where it has not: the folder, what is needed and what is free; nil where there is room, or nobody says.
    static func lack(of bytes: Int64, in folder: borrowing HeldFolder) -> String? {
        guard let space = folder.freeSpace(), space < bytes else { return nil }
        return "\(folder.path) needs \(size(bytes)) and has \(size(space)) free"
    }

    /// For people: `1.5 GB`.
    public static func size(_ bytes: Int64) -> String {
        var (amount, unit) = (Double(bytes), 0)
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        while amount >= 1000, unit < units.count - 1 {
            amount /= 1000
            unit += 1
        }
        guard unit > 0 else { return "\(bytes) bytes" }
        let tenths = Int64((amount * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
