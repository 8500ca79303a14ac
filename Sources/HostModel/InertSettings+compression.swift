internal import Configuration

extension InertSettings {
    /// Compression: what names nothing here.
    static let compressionRules = [
        Rule(section: "system.webServer/httpCompression") { section in
            var findings: [Finding] = []
            let directory = section.string("directory")
            if section.isSet("directory"), !directory.hasPrefix("/") {
                findings.append(
                    section.inert(
                        "directory",
                        "'\(directory)' is no absolute path; each pool keeps compressed files in its own folder"))
            }
            let known: Set = ["gzip", "deflate", "br", "zstd"]
            for scheme in section.items where !known.contains(scheme.string("name").lowercased()) {
                findings.append(scheme.inert("name", "there are gzip, deflate, br and zstd"))
            }
            // Each scheme must name one. A server that was brought here from Windows names files.
            let file = section.items.first { $0.string("dll").contains { $0 == "\\" || $0 == "/" } }
            if let file { findings.append(file.inert("dll", "compression is compiled in, no file is loaded")) }
            return findings
        }
    ]
}
