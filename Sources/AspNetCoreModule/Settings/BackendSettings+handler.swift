/// What `handlerSettings` says, by its keys.
extension BackendSettings {
    /// The debug log's file, as written; nil without one.
    public var debugFile: String? { handlerSettings["debugfile"].flatMap { $0.isEmpty ? nil : $0 } }

    /// A list of levels and sinks, as written; nil without one.
    public var debugLevel: String? { handlerSettings["debuglevel"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether a backend's `Connection` header goes on to the client. Default: no.
    public var forwardsResponseConnectionHeader: Bool { isTrue("forwardResponseConnectionHeader") }

    /// Whether what a process prints is taken from it. Default: yes, whatever else than `false` is written.
    public var redirectsConsole: Bool {
        handlerSettings["enableoutofprocessconsoleredirection"]?.lowercased() != "false"
    }

    /// Whether an application goes on when its configuration changes. Default: no.
    public var disallowsRotationOnConfigChange: Bool { isTrue("disallowRotationOnConfigChange") }

    private func isTrue(_ name: String) -> Bool { handlerSettings[name.lowercased()]?.lowercased() == "true" }
}
