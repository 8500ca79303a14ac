import Configuration
import Platform

/// Where a machine's `dotnet` is: on the search path, in `DOTNET_ROOT`, where its package said, in the usual folders.
struct DotNetSearch: Sendable {
    var locationFile = "/etc/dotnet/install_location"
    var usualFolders = ["/usr/share/dotnet", "/usr/lib/dotnet"]

    /// The host program's file, links followed: the frameworks lie beside it. Nil where none is found.
    func find(_ environment: EnvironmentVariables) -> String? {
        if let found = SearchPath(environment).find("dotnet"), let resolved = FilePath.resolved(found) {
            return resolved
        }
        let folders = [environment["DOTNET_ROOT"], installed].compactMap(\.self) + usualFolders
        return folders.lazy.filter { $0.hasPrefix("/") }.map { FilePath.trimmed($0) + "/dotnet" }
            .first(where: SearchPath.isProgram)
    }

    /// What the package that installed .NET noted: a folder in the file's first line.
    private var installed: String? {
        guard let bytes = try? FileReader(limit: 4096).read(locationFile).bytes else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
}
