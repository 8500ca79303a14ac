internal import DotNet
internal import JSON

/// A text is refused, or it is read as a value that, written, is read as the same one; and a runtime configuration names frameworks
/// that have names.
enum JSONTarget {
    static func run(_ bytes: [UInt8]) throws {
        if let value = try? JSONReader.read(bytes) {
            let again = try? JSONReader.read(Array(value.line.utf8))
            try require(again == value, "a value is read differently after it was written: \(value.line)")
            let laidOut = try? JSONReader.read(Array(value.text().utf8))
            try require(laidOut == value, "a value is read differently after it was laid out")
        }
        guard let configuration = try? RuntimeConfiguration.reading(bytes, path: "a") else { return }
        try require(configuration.frameworks.allSatisfy { !$0.name.isEmpty }, "a framework has no name")
        for framework in configuration.frameworks {
            let version = framework.version
            try require(FrameworkVersion(version.description) == version, "a version is another after it was written")
        }
    }
}
