import Configuration
import Platform

/// The line of a configuration file that is in error, with the one before and the one behind it.
struct SourceLines {
    let lines: [(number: Int, text: String)]

    /// `nil` where no line is known or the file cannot be read.
    init?(_ error: ConfigurationError) {
        guard error.line > 0, let bytes = try? FileReader(limit: Self.maximumLength).read(error.file).bytes else {
            return nil
        }
        let split = bytes.split(separator: 0x0A, maxSplits: error.line + 1, omittingEmptySubsequences: false)
        guard error.line <= split.count else { return nil }
        let isLastEmpty = split.count > error.line && split.last?.isEmpty == true
        let count = isLastEmpty && split.count == error.line + 1 ? split.count - 1 : split.count
        lines = (max(1, error.line - 1)...min(count, error.line + 1)).map { number in
            let line = split[number - 1].prefix { $0 != 0x0D && $0 != 0x0A }.prefix(Self.maximumLine)
            return (number, String(decoding: line, as: UTF8.self))
        }
    }

    /// A longer file is not read. Unit: bytes.
    private static let maximumLength = 1 << 20
    /// How much of a line is shown. Unit: bytes.
    private static let maximumLine = 400
}
