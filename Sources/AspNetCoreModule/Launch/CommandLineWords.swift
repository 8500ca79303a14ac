/// The arguments in a command line, as Windows programs are given them (`CommandLineToArgvW`, behind the program's name).
///
/// Spaces and tabs part arguments, outside quotation marks. Before a quotation mark two backslashes are one, and a single
/// backslash makes the mark a letter; other backslashes are letters. Within quotation marks two of them are one, and end
/// the quoted part.
enum CommandLineWords {
    static func split(_ line: String) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var backslashes = 0
        /// Since the last one that was a letter: one opens, two make nothing, three are a letter.
        var quotes = 0
        for byte in line.utf8 {
            switch byte {
            case UInt8(ascii: "\\"):
                if quotes == 2 { quotes = 0 }
                word = (word ?? []) + [byte]
                backslashes += 1
            case UInt8(ascii: "\""):
                word = (word ?? []).dropLast((backslashes + 1) / 2)
                if backslashes % 2 == 1 {
                    if quotes == 2 { quotes = 0 }
                    word?.append(byte)
                } else {
                    quotes += 1
                    if quotes == 3 {
                        word?.append(byte)
                        quotes = 0
                    }
                }
                backslashes = 0
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                if quotes == 2 { quotes = 0 }
                backslashes = 0
                if quotes == 1 {
                    word?.append(byte)
                } else if let ended = word {
                    words.append(String(decoding: ended, as: UTF8.self))
                    word = nil
                }
            default:
                if quotes == 2 { quotes = 0 }
                backslashes = 0
                word = (word ?? []) + [byte]
            }
        }
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
