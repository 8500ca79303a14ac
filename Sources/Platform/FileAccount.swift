internal import CPlatform
internal import Glibc

/// Reaching files as another account than the process's, on one thread: for a folder that only that account may read, and
/// for network file systems, which tell the server who asks.
public enum FileAccount {
    /// Calls `body` with this thread's file access being the account's, its groups included and root's privileges left out.
    /// Throws `EPERM` where the process is neither root's nor the account's own.
    public static func perform<Value>(as account: Account, _ body: () -> Value) throws(SystemError) -> Value {
        let (user, group) = (hostelry_file_user(), hostelry_file_group())
        if user == account.user { return body() }
        guard geteuid() == 0 else { throw SystemError("setfsuid", account.name, code: EPERM) }
        let before = try ownGroups()
        let groups = try account.groups()
        // What root could set root can set back; and until then the thread may less than the process.
        defer {
            if unsafe hostelry_reach_files_as(user, group, before, before.count) != 0 {
                // What would be done next on this thread would be done as somebody else.
                fatalError(
                    "a thread cannot leave the account \(account.name): \(SystemError("setfsuid", account.name))")
            }
        }
        guard unsafe hostelry_reach_files_as(account.user, account.group, groups, groups.count) == 0 else {
            throw SystemError("setfsuid", account.name)
        }
        return body()
    }

    private static func ownGroups() throws(SystemError) -> [gid_t] {
        var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
        let count = unsafe getgroups(Int32(groups.count), &groups)
        guard count >= 0 else { throw SystemError("getgroups") }
        return Array(groups.prefix(Int(count)))
    }
}
