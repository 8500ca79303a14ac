import Testing

@testable import ConfigurationStore

@Suite struct ChangeSettlementTests {
    typealias Finding = ChangeSettlement.Finding

    /// Every way in which up to four files can be found.
    static let findings: [[Finding]] = (1...4).flatMap { count in
        (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in Finding.allCases.map { list + [$0] } } }
    }

    /// What the files hold when the settlement has been carried out.
    private func after(_ findings: [Finding], _ settlement: ChangeSettlement) -> [Finding] {
        var files = findings
        for place in settlement.files { files[place] = settlement.outcome == .finished ? .new : .old }
        return files
    }

    @Test(arguments: [ChangeSettlement.Outcome.finished, .undone])
    func filesAreAllNewOrAllOldAfterwards(preferred: ChangeSettlement.Outcome) {
        for findings in Self.findings {
            let settlement = ChangeSettlement.decide(findings, preferring: preferred)
            let unwanted: Finding = settlement.outcome == .finished ? .old : .new
            #expect(!after(findings, settlement).contains(unwanted), "\(findings)")
        }
    }

    @Test(arguments: [ChangeSettlement.Outcome.finished, .undone])
    func whatOthersSavedIsNeverWritten(preferred: ChangeSettlement.Outcome) {
        for findings in Self.findings {
            let settlement = ChangeSettlement.decide(findings, preferring: preferred)
            for place in settlement.files { #expect(findings[place] == .old || findings[place] == .new, "\(findings)") }
        }
    }

    @Test(arguments: [ChangeSettlement.Outcome.finished, .undone])
    func settlingTwiceChangesNothingMore(preferred: ChangeSettlement.Outcome) {
        for findings in Self.findings {
            let first = ChangeSettlement.decide(findings, preferring: preferred)
            let files = after(findings, first)
            let second = ChangeSettlement.decide(files, preferring: first.outcome)
            #expect(second.files.isEmpty, "\(findings)")
            if !files.contains(.other) { #expect(second.outcome == first.outcome, "\(findings)") }
        }
    }

    @Test func aChangeThatTouchedNothingIsUndoneAndOneThatIsThereIsFinished() {
        for findings in Self.findings where !findings.contains(.other) {
            let settlement = ChangeSettlement.decide(findings, preferring: .finished)
            if findings.contains(.new) {
                #expect(settlement.outcome == .finished)
                #expect(settlement.files == findings.indices.filter { findings[$0] == .old })
            } else {
                #expect(settlement.files.isEmpty)
                #expect(settlement.outcome == (findings.contains(.old) ? .undone : .finished))
            }
        }
    }

    @Test func aWriterThatMetAnErrorTakesBackWhatItWroteLastFirst() {
        let settlement = ChangeSettlement.decide([.new, .unchanged, .new, .old], preferring: .undone)
        #expect(settlement == ChangeSettlement(outcome: .undone, files: [2, 0]))
    }

    @Test func aFileSavedByOthersBeforeItsTurnUndoesTheChange() {
        let settlement = ChangeSettlement.decide([.new, .other, .old], preferring: .finished)
        #expect(settlement == ChangeSettlement(outcome: .undone, files: [0]))
    }

    @Test func aFileSavedByOthersAfterItsTurnStaysAndTheChangeIsFinished() {
        let settlement = ChangeSettlement.decide([.new, .other, .new, .old], preferring: .finished)
        #expect(settlement == ChangeSettlement(outcome: .finished, files: [3]))
    }
}
