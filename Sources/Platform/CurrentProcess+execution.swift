internal import CPlatform
internal import Glibc

/// Becoming another program while staying this process: its number, its children and what it keeps open.
extension CurrentProcess {
    /// Executes `path` in place of the running program; every other thread ends. Returns only by throwing, and then
    /// everything is as it was.
    ///
    /// - Parameters:
    ///   - variable: one more variable for the program's environment.
    ///   - keeping: the descriptors that stay open, with the numbers that they have.
    public static func become(
        _ path: String, arguments: [String], variable: (name: String, value: String), keeping descriptors: [Int32]
    ) throws(SystemError) {
        for number in descriptors { _ = hostelry_keep_on_exec(number, 1) }
        let strings = CStringArray(arguments)
        let code = unsafe hostelry_execute(path, strings.pointers, variable.name, variable.value)
        for number in descriptors { _ = hostelry_keep_on_exec(number, 0) }
        throw SystemError("execve", path, code: code)
    }

    /// Takes a descriptor over that `become` kept; nil where `number` is no open descriptor. It closes on exec again.
    public static func kept(_ number: Int32) -> FileDescriptor? {
        guard number > 2, hostelry_keep_on_exec(number, 0) == 0 else { return nil }
        return FileDescriptor(owning: number)
    }

    /// Removes a variable from the environment. Only while no other thread runs.
    public static func removeVariable(_ name: String) { _ = unsafe unsetenv(name) }
}
