import Administration

/// The lines of `TopScreen` as a terminal draws them: over what is there, without a flicker.
enum TopPicture {
    static func bytes(_ lines: [TopLine]) -> [UInt8] {
        var output = "\u{1b}[H"
        for (index, line) in lines.enumerated() {
            output += "\u{1b}[0m\(style(line.style))\(line.text)\u{1b}[K\u{1b}[0m"
            if index + 1 < lines.count { output += "\r\n" }
        }
        output += "\u{1b}[J"
        return Array(output.utf8)
    }

    private static func style(_ style: TopLine.Style) -> String {
        switch style {
        case .plain: ""
        case .title: "\u{1b}[1m"
        case .head: "\u{1b}[7m"
        case .selected: "\u{1b}[1;7m"
        case .alert: "\u{1b}[31m"
        case .dim: "\u{1b}[2m"
        }
    }
}
