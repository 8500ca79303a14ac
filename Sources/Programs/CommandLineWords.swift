/// The arguments in a command line, as Windows programs are given them (`CommandLineToArgvW`, behind the program's name).
///
/// Spaces and tabs part arguments, outside quotation marks. Before a quotation mark two backslashes are one, and a single
/// backslash makes the mark a letter; other backslashes are letters. Within quotation marks two of them are one, and end
/// the quoted part.
enum CommandLineWords {
    static func split(_ line: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        /// A word may be empty, between quotation marks.
        var isInWord = false
        var backslashes = 0
        /// Since the last one that was a letter: one opens, two make nothing, three are a letter.
        var quotes = 0
        for byte in line.utf8 {
            if byte == UInt8(ascii: "\""), backslashes % 2 == 0 {
                word.removeLast(backslashes / 2)
                quotes = (quotes + 1) % 3
                if quotes == 0 { word.append(byte) }
                isInWord = true
                backslashes = 0
                continue
            }
            if quotes == 2 { quotes = 0 }
            switch byte {
            case UInt8(ascii: "\""):
                word.removeLast((backslashes + 1) / 2)
                word.append(byte)
            case UInt8(ascii: " ") where quotes == 0, UInt8(ascii: "\t") where quotes == 0:
                if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
                isInWord = false
                backslashes = 0
                continue
            default: word.append(byte)
            }
            isInWord = true
            backslashes = byte == UInt8(ascii: "\\") ? backslashes + 1 : 0
        }
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
