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
                if case .changed = error { continue }
                break
            }
        }
        if case .unfinished = failure { throw failure }
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

    /// So long a file may take to be written before it is given up on, another writer's lock included.
    private static let writingPatience = Duration.seconds(30)
    /// So long another writer may hold a file whose leftovers are to be cleared, within `SharedFolder.patience`.
    private static let clearingPatience = Duration.seconds(5)

    /// What the file holds. Throws where nobody can tell: a share that is not mounted has no files, and one whose change is
    /// given up for that would come back with it.
    func finding() throws(ChangeError) -> ChangeSettlement.Finding {
        guard oldHash != newHash else { return .unchanged }
        let held: SHA256Digest?
        do throws(FileError) {
            held = try DoubtfulFile(path).read().map { SHA256.hash($0) }
        } catch {
            throw .unfinished("\(error)")
        }
        guard held != nil || oldHash == nil || newHash == nil else {
            throw .unfinished("\(path) is not there; mount its folder or put the file back")
        }
        return held == newHash ? .new : held == oldHash ? .old : .other
    }

    /// Reads the file. Throws where nothing comes back within `SharedFolder.patience`.
    func awaitAnswer() throws(ChangeError) {
        try failingOnlyIfSilent { () throws(FileError) in _ = try DoubtfulFile(path).read() }
    }

    /// What a killed writer displaced goes back. Where that cannot be done now, the next writer does it; throws only where
    /// the file does not answer.
    func clearLeftovers() throws(ChangeError) {
        try failingOnlyIfSilent { () throws(FileError) in
            try DoubtfulFile(path).perform { [path, isServerFile] () throws(FileError) in
                guard let site = SiteFile(path, isServerFile) else {
                    return try DocumentFile(path, patience: Self.clearingPatience).clearLeftovers()
                }
                try site.perform { document throws(FileError) in try document.clearLeftovers() }
            }
        }
    }

    /// Takes any other error for an answer.
    private func failingOnlyIfSilent(_ body: () throws(FileError) -> Void) throws(ChangeError) {
        guard oldHash != newHash else { return }
        do throws(FileError) {
            try body()
        } catch {
            if case .silent = error.kind { throw .unfinished("\(error)") }
        }
    }

    /// Gives the file its new content where it has the old one.
    func write() throws(ChangeError) {
        do throws(FileError) {
            try DoubtfulFile(path).perform(within: Self.writingPatience) { () throws(FileError) in try replace() }
        } catch {
            switch error.kind {
            case .changed: throw .changed(path: path)
            // It may be written yet.
            case .silent: throw .unfinished("\(error)")
            default: throw .file(error)
            }
        }
    }

    private func replace() throws(FileError) {
        if let site = SiteFile(path, isServerFile) { return try replace(site) }
        let document = DocumentFile(path, creationMode: creationMode)
        if let new {
            try document.commit(new, replacing: old)
        } else if newHash == nil, let old {
            try document.remove(old)
        } else {
            // Only a single file's record has no contents, and a single file is never half-way.
            throw FileError(path, .missing)
        }
    }

    private func replace(_ site: SiteFile) throws(FileError) {
        try site.perform { document throws(FileError) in
            if let new {
                try document.commit(new, replacing: old, creationMode: creationMode)
            } else if newHash == nil, let old {
                try document.remove(old)
            } else {
                // As above.
                throw FileError(path, .missing)
            }
        }
    }
}
