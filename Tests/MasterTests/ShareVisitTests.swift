import Testing

@testable import Master
@testable import Platform

@Suite struct ShareVisitTests {
    private let names: [Int32: Set<String>] = [1: ["applicationHost.config"]]

    private func concerns(
        _ kind: FolderWatch.Kind, _ name: String = "applicationHost.config", in folder: Int32, isUnderWay: Bool
    ) -> Bool {
        ShareVisit.concerns(
            FolderWatch.Happening(folder: folder, kind: kind, name: name), names, isUnderWay: isUnderWay)
    }

    @Test(arguments: [false, true])
    func aNameThatMattersDoesInItsFolderAndOthersDoNot(isUnderWay: Bool) {
        for kind in [FolderWatch.Kind.settled, .touched, .gone] {
            #expect(concerns(kind, in: 1, isUnderWay: isUnderWay))
            #expect(!concerns(kind, "notes.txt", in: 1, isUnderWay: isUnderWay))
        }
        #expect(concerns(.folderGone, "", in: 1, isUnderWay: isUnderWay))
        #expect(concerns(.overflow, "", in: -1, isUnderWay: isUnderWay))
    }

    /// The visit watches a folder before it reads its files; what happens after the reading comes before its end is told.
    @Test func whatHappensInAFolderThatTheVisitUnderWayHasJustMetIsNotMissed() {
        for kind in [FolderWatch.Kind.settled, .touched, .gone, .folderGone] {
            #expect(concerns(kind, in: 2, isUnderWay: true))
        }
    }

    @Test func aFolderThatWasForgottenIsNoReasonForAVisit() {
        for kind in [FolderWatch.Kind.settled, .folderGone] { #expect(!concerns(kind, in: 2, isUnderWay: false)) }
    }
}
