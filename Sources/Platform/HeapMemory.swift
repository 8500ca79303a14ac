internal import CPlatform

/// Memory that was freed.
public enum HeapMemory {
    /// Gives what the allocator keeps for later back to the system: worth its time after something large has gone.
    public static func release() { hostelry_release_memory() }
}
