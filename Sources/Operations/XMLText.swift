/// What XML can hold.
enum XMLText {
    /// Whether XML has each of the characters: of those that steer it has tabs and line ends only, and none that is none.
    static func holds(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
    }

    static let refusal = "It has a character that XML cannot hold"
}
