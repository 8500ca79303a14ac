import Configuration
import Platform
import Testing

/// Real files, read in place where the shared folder is beside the project.
enum Corpus {
    /// Set by the test command; else looked for beside the package.
    static let folder: String? = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let beside = "/" + package.split(separator: "/").dropLast().joined(separator: "/") + "/shared/corpus"
        return (try? FolderNames.filter(beside) { _ in true }) == nil ? nil : beside
    }()

    static let isHere = Comment(rawValue: "the shared corpus is not beside the project")

    static func bytes(_ path: String) throws -> [UInt8] {
        try FileReader().read("\(try #require(folder))/\(path)").bytes
    }

    static func names(_ path: String) throws -> [String] {
        try FolderNames.filter("\(try #require(folder))/\(path)") { _ in true }.sorted()
    }
}
