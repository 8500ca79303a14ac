import Configuration

/// A path as a web.config has it, made for Windows or for Linux.
public enum ConfiguredPath {
    /// With slashes, and without quotation marks around it and the prefix `\\?\`; nil for a path of Windows that nothing here can
    /// be: one on a drive or on another computer. Variables are expanded already.
    public static func native(_ text: String) -> String? {
        var path = text[...]
        if path.utf8.count > 1, path.hasPrefix("\""), path.hasSuffix("\"") { path = path.dropFirst().dropLast() }
        let isDevicePath = path.hasPrefix(#"\\?\"#)
        if isDevicePath { path = path.dropFirst(4) }
        let isOnNetwork = isDevicePath ? path.uppercased().hasPrefix(#"UNC\"#) : path.hasPrefix(#"\\"#)
        let native = String(path.replacing("\\", with: "/"))
        return isOnNetwork || isOnDrive(native) ? nil : native
    }

    /// The same below `folder`, where it is no absolute one.
    public static func absolute(_ text: String, in folder: String) -> String? {
        native(text).map { $0.hasPrefix("/") ? tidied($0) : tidied("\(folder)/\($0)") }
    }

    /// The same with its `%VAR%` in it, for files that a section names beside the program: `\\?\%home%\LogFiles\stdout`.
    ///
    /// - Parameter environment: the worker's.
    public static func absolute(
        _ text: String, in folder: String, expanding environment: [(name: String, value: String)]
    ) -> String? {
        let variables = Dictionary(environment.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return absolute(EnvironmentVariables(variables).expand(text), in: folder)
    }

    /// The last part of a path, whichever system's it is.
    static func name(of text: String) -> String {
        let name = text.split { $0 == "/" || $0 == "\\" || $0 == "\"" }.last ?? ""
        return String(name)
    }

    /// `C:` and more.
    private static func isOnDrive(_ path: String) -> Bool {
        let bytes = Array(path.utf8.prefix(3))
        guard bytes.count >= 2, bytes[1] == UInt8(ascii: ":") else { return false }
        let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[0] | 0x20
        return isLetter && (bytes.count == 2 || bytes[2] == UInt8(ascii: "/"))
    }

    /// Without empty parts and `.`; what `..` leads to is the file system's to say.
    private static func tidied(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
