internal import JSON

/// What a `*.runtimeconfig.json` says of the frameworks that its program runs on.
public struct RuntimeConfiguration: Equatable, Sendable {
    /// For example `net10.0`; empty where it is not said.
    public let targetFramework: String
    /// Those that must be installed; of a self-contained program none.
    public let frameworks: [FrameworkReference]
    /// Those that a self-contained program brings along, as far as they are named: `Microsoft.AspNetCore.App`.
    public let includedFrameworks: [String]

    static let suffix = ".runtimeconfig.json"
    /// How many frameworks one file may name.
    private static let frameworksLimit = 32

    public static func read(_ path: String) throws(UnreadableFiles) -> RuntimeConfiguration {
        try RuntimeConfiguration(try RuntimeFile.read(path), path)
    }

    /// - Parameter path: for errors.
    public static func reading(_ bytes: [UInt8], path: String) throws(UnreadableFiles) -> RuntimeConfiguration {
        try RuntimeConfiguration(try RuntimeFile.value(of: bytes, path), path)
    }

    private init(_ file: JSONValue, _ path: String) throws(UnreadableFiles) {
        guard let options = file["runtimeOptions"], options.members != nil else {
            throw UnreadableFiles("\(path): it has no runtimeOptions")
        }
        targetFramework = options["tfm"]?.string ?? ""
        let usual = try Self.rollForward(options, path) ?? .minor
        let patches = options["applyPatches"]?.flag ?? true
        let named = (options["framework"].map { [$0] } ?? []) + (options["frameworks"]?.elements ?? [])
        guard named.count <= Self.frameworksLimit else { throw UnreadableFiles("\(path): too many frameworks") }
        var references: [FrameworkReference] = []
        for framework in named {
            guard let name = framework["name"]?.string, !name.isEmpty else {
                throw UnreadableFiles("\(path): a framework without a name")
            }
            guard let version = framework["version"]?.string.flatMap(FrameworkVersion.init) else {
                throw UnreadableFiles("\(path): the version of \(name) is none")
            }
            references.append(
                FrameworkReference(
                    name: name, version: version, rollForward: try Self.rollForward(framework, path) ?? usual,
                    appliesPatches: framework["applyPatches"]?.flag ?? patches))
        }
        frameworks = references
        includedFrameworks = (options["includedFrameworks"]?.elements ?? []).prefix(Self.frameworksLimit).compactMap {
            $0["name"]?.string
        }
    }

    private static func rollForward(_ value: JSONValue, _ path: String) throws(UnreadableFiles) -> RollForward? {
        if let text = value["rollForward"] {
            guard let known = text.string.flatMap({ RollForward($0) }) else {
                throw UnreadableFiles("\(path): rollForward has no such value")
            }
            return known
        }
        guard let number = value["rollForwardOnNoCandidateFx"]?.number else { return nil }
        guard let known = RollForward(onNoCandidate: number) else {
            throw UnreadableFiles("\(path): rollForwardOnNoCandidateFx has no such value")
        }
        return known
    }
}
