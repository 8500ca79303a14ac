public import Configuration

extension HostConfiguration {
    /// The whole of a server's file that has been read.
    public static func of(_ whole: ServerConfiguration) throws(ConfigurationError) -> HostConfiguration {
        try HostConfiguration(whole) { $0.problems }
    }

    /// The version after this one that another file makes, or the same file with other schema files.
    public func replaced(by whole: ServerConfiguration) throws(ConfigurationError) -> HostConfiguration {
        try HostConfiguration(whole) { $0.newProblems(since: model) }
    }
}
