internal import Crypto
internal import Platform

extension ChangeRecord {
    /// So often it is looked again at files that others save meanwhile.
    private static let attempts = 4

    /// Of one file only the hashes are needed: it is wholly old or new, and stays so.
    var withoutNeedlessContents: ChangeRecord {
        var record = self
        guard files.count(where: { $0.oldHash != $0.newHash }) < 2 else { return record }
        for index in record.files.indices { (record.files[index].old, record.files[index].new) = (nil, nil) }
        return record
    }

    /// Brings all files to their new or to their old content, and says to which.
    func settle(preferring preferred: ChangeSettlement.Outcome) throws(ChangeError) -> ChangeSettlement.Outcome {
        var failure = ChangeError.locked
        for _ in 0..<Self.attempts {
            var findings: [ChangeSettlement.Finding] = []
            for file in files { findings.append(try file.finding()) }
            let settlement = ChangeSettlement.decide(findings, preferring: preferred)
            do throws(ChangeError) {
                for place in settlement.files {
                    if settlement.outcome == .finished {
                        try files[place].write()
                    } else {
                        try files[place].reversed.write()
                    }
                }
                return settlement.outcome
            } catch {
                failure = error
                guard case .changed = error else { break }
            }
        }
        throw .unfinished("\(failure)")
    }
}

extension ChangeRecord.File {
    /// The way back.
    var reversed: ChangeRecord.File {
        ChangeRecord.File(
            path: path, oldHash: newHash, newHash: oldHash, isServerFile: isServerFile, creationMode: creationMode,
            old: new, new: old)
    }

    func finding() throws(ChangeError) -> ChangeSettlement.Finding {
        guard oldHash != newHash else { return .unchanged }
        let held: SHA256Digest?
        do throws(FileError) {
            held = try DocumentFile(path).read().map { SHA256.hash($0.bytes) }
        } catch {
            throw .unfinished("\(error)")
        }
        return held == newHash ? .new : held == oldHash ? .old : .other
    }

    /// Gives the file its new content where it has the old one.
    func write() throws(ChangeError) {
        let document = DocumentFile(path, creationMode: creationMode)
        do throws(FileError) {
            if let new {
                try document.commit(new, replacing: old)
            } else if newHash == nil, let old {
                try document.remove(old)
            } else {
                // Only a single file's record has no contents, and a single file is never half-way.
                throw FileError(path, .missing)
            }
        } catch {
            throw error.kind == .changed ? .changed(path: path) : .file(error)
        }
    }
}
