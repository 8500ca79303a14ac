/// Text for `man`, in the language of roff.
enum Roff {
    /// As text: hyphens, quotation marks and the like come out as they went in, so that what is typed can be copied.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\(rs"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\n", "\r", "\t": result += " "
            case _ where scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F:
                result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0xA0: break
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return result
    }

    /// A line of text: one that begins with a dot or a quotation mark is no command.
    static func line(_ roff: String) -> String {
        roff.hasPrefix(".") || roff.hasPrefix("'") ? "\\&\(roff)\n" : "\(roff)\n"
    }

    static func bold(_ text: String) -> String { "\\fB\(Self.text(text))\\fR" }
    static func italic(_ text: String) -> String { "\\fI\(Self.text(text))\\fR" }

    static func section(_ title: String) -> String { ".SH \(text(title))\n" }
    static func subsection(_ title: String) -> String { ".SS \(text(title))\n" }
    /// The first one below a heading needs no mark.
    static func paragraphs(_ texts: [String]) -> String { texts.map { line(text($0)) }.joined(separator: ".PP\n") }
    /// A term with its meaning below it.
    static func entry(_ term: String, _ meaning: String) -> String { ".TP\n" + line(term) + line(text(meaning)) }
}
