/// Top-level elements that belong to .NET: read by .NET, never by this server, and left as they are (reference
/// Appendix F and the groups that a machine.config declares). They are opaque wherever no file declares them.
enum OpaqueSections {
    /// Those of which some setting is asked for (`PathConfiguration.foreignElements(of:)`).
    static let lookedAt: Set<String> = ["system.web"]

    static let names: Set<String> = [
        "appSettings", "assemblyBinding", "configBuilders", "connectionStrings", "dotless",
        "entityFramework", "log4net", "mscorlib", "nlog", "runtime", "satelliteassemblies", "startup", "system.codedom",
        "system.data", "system.data.dataset", "system.data.odbc", "system.data.oledb", "system.data.oracleclient",
        "system.data.sqlclient", "system.diagnostics", "system.identityModel", "system.identityModel.services",
        "system.net", "system.runtime.caching", "system.runtime.remoting", "system.runtime.serialization",
        "system.serviceModel", "system.serviceModel.activation", "system.transactions", "system.web",
        "system.web.extensions", "system.windows.forms", "system.xaml.hosting", "system.xml.serialization", "uri",
        "windows",
    ]
}
