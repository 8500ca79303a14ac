//  FuzzTargets: what must hold for any bytes, each target one function that libFuzzer calls (Tests/Fuzz/run) and that the
//  tests call with the corpus (Tests/FuzzTests).
//
//      bytes ─► FuzzTarget.run ─► nothing, or a Finding; a trap is a finding too

/// Something that reads what others wrote.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A client's bytes: heads, chunked bodies, paths, dates.
    case http
    /// A backend's bytes: heads, chunked bodies.
    case responses
    /// Frames of the link and messages of the control protocol.
    case frames
    /// applicationHost.config, web.config and schema files.
    case configuration
    /// JSON: what clients of the control protocol send, and `*.runtimeconfig.json`.
    case json

    public func run(_ bytes: [UInt8]) throws {
        switch self {
        case .http: try HTTPTarget.run(bytes)
        case .responses: try ResponsesTarget.run(bytes)
        case .frames: try FramesTarget.run(bytes)
        case .configuration: try ConfigurationTarget.run(bytes)
        case .json: try JSONTarget.run(bytes)
        }
    }
}

/// What should hold and does not.
public struct Finding: Error, CustomStringConvertible {
    public let description: String
}

func require(_ condition: Bool, _ text: @autoclosure () -> String) throws(Finding) {
    guard condition else { throw Finding(description: text()) }
}
