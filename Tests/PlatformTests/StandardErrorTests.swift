import Glibc
import Platform
import Testing

@Suite struct StandardErrorTests {
    @Test func theJournalIsRecognisedByDeviceAndInode() {
        var status = stat()
        #expect(unsafe fstat(2, &status) == 0)
        #expect(StandardError.isJournal("\(status.st_dev):\(status.st_ino)"))
        #expect(!StandardError.isJournal("1:2"))
        #expect(!StandardError.isJournal(nil))
    }

    @Test(.startsForeignChildren) func aClosedStandardErrorLosesTheLineAndNothingElse() async {
        await #expect(processExitsWith: .success) {
            close(2)
            StandardError.write(Array("lost\n".utf8))
        }
    }
}
