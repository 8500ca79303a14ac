internal import Administration
internal import HostModel
internal import Platform

extension ContentPlacement {
    /// Lets the users of pools read what is copied, before anything has its name: a site never sees content that it cannot
    /// read.
    func grant(_ model: HostModel, _ state: String, _ notes: inout ContentNotes) {
        var accounts: [String: PoolAccount] = [:]
        for piece in pieces {
            var readers: [UInt32: (account: PoolAccount, pool: String, reader: ContentReader)] = [:]
            for (pool, reader) in ContentReader.all(of: piece.path, in: model).sorted(by: { $0.key < $1.key }) {
                do {
                    let account =
                        try accounts[pool]
                        ?? PoolAccount.of(poolNamed: pool, in: model, stateFolder: state, assigning: true)
                    accounts[pool] = account
                    readers[account.user, default: (account, pool, ContentReader())].reader.add(reader)
                } catch {
                    notes.add(Self.refusal(of: pool, piece, error))
                }
            }
            for (user, (account, pool, reader)) in readers.sorted(by: { $0.key < $1.key }) where user != 0 {
                do {
                    let outcomes = try Self.grant(reader, to: account, try Self.target(of: piece).placed(piece.draft))
                    for note in outcomes { notes.add("left alone: \(note)") }
                } catch {
                    notes.add(Self.refusal(of: pool, piece, error))
                }
            }
        }
    }

    private static func refusal(of pool: String, _ piece: Piece, _ error: any Error) -> String {
        "the user of the pool \"\(pool)\" is given no access to \(piece.path): \(error)"
    }

    /// - Returns: what was left as it is.
    private static func grant(
        _ reader: ContentReader, to account: PoolAccount, _ draft: borrowing PlacedFile
    ) throws -> [String] {
        var notes: [String] = []
        for names in reader.folders.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            try visit(names[...], in: draft) { folder in
                notes += try AccessGrant(account, mayWrite: false).apply(to: folder).notes
            }
        }
        for names in reader.passed {
            let isConfigured = reader.configured.contains(names)
            try visit(names[...], in: draft) { folder in
                _ = try folder.grant(isConfigured ? [.read, .execute] : [.execute], to: account.user)
                guard isConfigured else { return }
                for name in try folder.names() where name.lowercased() == "web.config" {
                    let file = try folder.file(name)
                    if file.kind == .regular { _ = try file.grant([.read], to: account.user) }
                }
            }
        }
        return notes
    }

    /// Calls `body` with the folder that the names lead to, unless the export has something else there.
    private static func visit(
        _ names: ArraySlice<String>, in file: borrowing PlacedFile, _ body: (borrowing PlacedFile) throws -> Void
    ) throws {
        guard let name = names.first else { return try body(file) }
        guard file.kind == .folder, try file.names().contains(name) else { return }
        try visit(names.dropFirst(), in: try file.file(name), body)
    }
}
