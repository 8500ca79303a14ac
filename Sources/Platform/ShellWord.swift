/// A word of a command line that a person is told to type.
public enum ShellWord {
    /// As a shell takes it for one word, in quotation marks where it would not be otherwise.
    public static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                // Of them, none means anything to a shell within a word.
                default: "/._-:=+@,%".utf8.contains(byte)
                }
            }
        // Within quotation marks nothing but one of their kind means anything.
        return isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }
}
