import Arguments

/// Who a pool runs as, and what it may read and write.
extension Commands {
    static let poolUser = Command(
        "user", "name the user that a pool runs as",
        discussion: [
            "Prints the user's name and number, its group, and the pool's home. A pool that has never run shows what it "
                + "would be given; where Hostelry does not run as root, every pool runs as the current user.",
            "The numbers of pools with an identity of their own (ApplicationPoolIdentity) lie between 2,100,000,000 and "
                + "2,100,999,999 and stay theirs for ever (STATE/pool-users).",
        ],
        operands: [poolName], options: [configuration, state, json],
        examples: [.init("hostelry pool user DefaultAppPool", "Prints who the default pool is.")],
        exitStatuses: [
            .init(0, "printed"), .init(1, "the pool has no user, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])

    static let grantedPath = Operand(.text("PATH"), "A folder with everything in it, or a file.")
    static let readOnly = Option("--read", "Lets the pool read, not write.")
    static let dryRun = Option("--dry-run", "Changes nothing, and says how much would be changed.")

    static let poolGrant = Command(
        "grant", "give a pool's user access to a folder",
        discussion: [
            "Lets the pool's user read and write the folder and everything in it, also what is made there later. "
                + "It is done by POSIX access lists: owners, groups and what others may do stay as they are.",
            "Symbolic links are not followed. Folders above that the user cannot pass through are named.",
        ],
        operands: [poolName, grantedPath], options: [configuration, state, readOnly, dryRun],
        examples: [
            .init("hostelry pool grant Shop /srv/shop --read", "Lets the pool Shop serve the files below /srv/shop.")
        ],
        exitStatuses: [
            .init(0, "granted"),
            .init(1, "not granted, or the user cannot get there, for the reason that it tells"),
            .init(2, "the arguments make no sense"),
        ])
}
