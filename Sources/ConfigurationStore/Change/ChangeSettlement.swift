/// How a change that stopped half-way comes to an end: every file new, or every file old.
///
/// Pure: what was found on the disk goes in, what is to be written comes out. Files are changed in their order, each
/// only after the one before, which tells something of a file that somebody else has saved since.
struct ChangeSettlement: Equatable {
    /// What a file holds, against what the change wanted.
    enum Finding: CaseIterable {
        case old
        case new
        /// The change leaves this file as it was.
        case unchanged
        /// Somebody else saved it since. Theirs stays.
        case other
    }

    enum Outcome: Equatable {
        case finished
        case undone
    }

    let outcome: Outcome
    /// The places of the files that are to be written for it, in that order.
    let files: [Int]

    /// - Parameter preferred: what to do where both could be done: a writer that meets an error undoes, whoever comes
    ///   after a crash finishes.
    static func decide(_ findings: [Finding], preferring preferred: Outcome) -> ChangeSettlement {
        let places = { (finding: Finding) in findings.indices.filter { findings[$0] == finding } }
        let (old, new, others) = (places(.old), places(.new), places(.other))
        guard !new.isEmpty else {
            // A change that changes nothing is done.
            let outcome: Outcome = old.isEmpty && others.isEmpty ? .finished : .undone
            return ChangeSettlement(outcome: outcome, files: [])
        }
        // Files behind those that somebody else saved are new: theirs was new before they saved it.
        let isPassed = others.allSatisfy { other in new.contains { $0 > other } }
        guard preferred == .finished, isPassed else {
            return ChangeSettlement(outcome: .undone, files: new.reversed())
        }
        return ChangeSettlement(outcome: .finished, files: old)
    }
}
