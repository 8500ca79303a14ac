import TestSupport
import Testing

@testable import ConfigurationStore

@Suite struct SharedCopyTests {
    private let folder: TemporaryFolder
    private let copy: SharedCopy
    private let share = SharedFolder("/srv/shared")
    private let files = SharedFiles(server: [0xEF, 0xBB, 0xBF, 60, 97, 47, 62], administration: Array("<b/>".utf8))

    init() throws {
        folder = try TemporaryFolder()
        copy = SharedCopy(stateFolder: folder.path)
    }

    @Test func whatIsKeptComesBackByteForByte() throws {
        try copy.keep(files, of: share, time: 17)
        let kept = try copy.read(of: share)
        #expect(kept.files == files && kept.time == 17)
    }

    @Test func aLaterCopyTakesTheEarlierOnesPlaceAndLeavesNothingOfIt() throws {
        try copy.keep(files, of: share, time: 17)
        let later = SharedFiles(server: Array("<c/>".utf8), administration: nil)
        try copy.keep(later, of: share, time: 18)
        #expect(try copy.read(of: share).files == later)
        #expect(folder.names(in: "shared-copy").count == 2)
    }

    @Test func aCopyOfAnotherFolderIsNotTaken() throws {
        try copy.keep(files, of: share, time: 17)
        #expect(throws: SharedCopy.Failure.other(folder: "/srv/shared")) {
            try copy.read(of: SharedFolder("/srv/other"))
        }
    }

    @Test func whereNothingWasKeptThereIsNone() {
        #expect(throws: SharedCopy.Failure.none) { try copy.read(of: share) }
    }

    @Test func aCopyWhoseBytesWereChangedIsNotTaken() throws {
        try copy.keep(files, of: share, time: 17)
        let name = try #require(folder.names(in: "shared-copy").first { $0.hasPrefix("applicationHost") })
        try folder.write("shared-copy/\(name)", [0xEF, 0xBB, 0xBF, 60, 98, 47, 62])
        #expect(throws: SharedCopy.Failure.self) { try copy.read(of: share) }
    }

    @Test func aRecordThatMakesNoSenseIsNotTaken() throws {
        try copy.keep(files, of: share, time: 17)
        try folder.write("shared-copy/copy", "hostelry-shared-copy 1\nfile ../../etc/passwd-x 1 00\n")
        #expect(throws: SharedCopy.Failure.self) { try copy.read(of: share) }
    }

    @Test func noByteOfAFileStandsInTheCopyInClear() throws {
        let secret = Array("<processModel password='planted'/>".utf8)
        try copy.keep(SharedFiles(server: secret, administration: secret), of: share, time: 17)
        for name in folder.names(in: "shared-copy") {
            #expect(try !folder.text("shared-copy/\(name)").contains("planted"))
        }
        folder.remove("history.key")
        #expect(throws: SharedCopy.Failure.damaged("the key that it is sealed with is missing")) {
            try copy.read(of: share)
        }
        #expect(folder.names == ["shared-copy"])
    }
}
