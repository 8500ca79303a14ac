internal import CMigrations
internal import SQLite

/// The files of the folder `Migrations`.
enum EmbeddedMigrations {
    /// Those of one store, for example `history`, in order.
    static func of(_ store: String) -> [Migration] {
        all.filter { $0.store == store }.map { Migration(number: $0.number, sql: $0.sql) }
    }

    private struct File {
        let store: String
        let number: Int
        let sql: String
    }

    private static let all: [File] = {
        var files: [File] = []
        // Constant data of the program, ended by an entry without a name; each file is `count` bytes long.
        var next = unsafe hostelry_migrations()
        while let file = unsafe next, let name = unsafe file.pointee.name {
            let parts = unsafe String(cString: name).split(separator: "/")
            let bytes = unsafe UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.count)
            if parts.count == 2, let number = Int(parts[1].prefix(while: \.isNumber)) {
                unsafe files.append(
                    File(store: String(parts[0]), number: number, sql: String(decoding: bytes, as: UTF8.self)))
            }
            unsafe next = file + 1
        }
        return files
    }()
}
