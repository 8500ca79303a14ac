internal import Glibc

extension FileFacts {
    /// Whether this process may run the file as a program.
    public static func mayExecute(_ path: String) -> Bool { unsafe faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 }
}
