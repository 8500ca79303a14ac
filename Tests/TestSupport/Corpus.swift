import Platform

/// Real files, read in place where the shared folder is beside the project; tests of them are skipped elsewhere.
public enum Corpus {
    /// Why such a test is skipped.
    public static let absence = "the shared corpus is not beside the project"

    public static let isHere = (try? FolderNames.filter(folder) { _ in true }) != nil

    private static let folder: String = {
        let besideSources = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(besideSources)/shared/corpus"
    }()

    public static func bytes(_ path: String) throws -> [UInt8] { try FileReader().read("\(folder)/\(path)").bytes }

    /// Sorted.
    public static func names(_ path: String) throws -> [String] {
        try FolderNames.filter("\(folder)/\(path)") { _ in true }.sorted()
    }
}
