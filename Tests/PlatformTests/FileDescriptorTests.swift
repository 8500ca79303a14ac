import Glibc
import Platform
import Testing

@Suite struct FileDescriptorTests {
    @Test func aDescriptorIsClosedWithItsOwner() throws {
        let number: Int32
        do {
            let descriptor = try FileDescriptor.open("/dev/null", O_RDONLY)
            number = descriptor.number
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
        #expect(fcntl(number, F_GETFD) == -1)
    }

    @Test func aFailedOpenNamesTheCallThePathAndTheReason() {
        #expect(throws: SystemError("open", "/nowhere/at/all", code: ENOENT)) {
            _ = try FileDescriptor.open("/nowhere/at/all", O_RDONLY)
        }
    }
}
