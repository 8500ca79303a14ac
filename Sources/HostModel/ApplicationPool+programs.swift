extension ApplicationPool {
    /// Where a pool's programs are looked for, unless its own variables say something else.
    public static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A variable that decides where and on what a pool's programs run; the last of several holds.
    public func variable(_ name: String) -> String? {
        environmentVariables.last { $0.name == name }?.value ?? (name == "PATH" ? Self.searchPath : nil)
    }
}
