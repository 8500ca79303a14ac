internal import CPlatform

/// Memory that was freed.
public enum HeapMemory {
    /// Blocks of this size go back to the system when they are freed. Unit: bytes.
    private static let large = 128 << 10

    /// Rather waits for another thread than keeps memory for each: for a process that allocates now and then. Called
    /// before a second thread is started; otherwise what threads have freed stays theirs.
    public static func shareAmongThreads() { hostelry_share_heap(large) }

    /// Gives what the allocator keeps for later back to the system: worth its time after something large has gone.
    public static func release() { hostelry_release_memory() }
}
