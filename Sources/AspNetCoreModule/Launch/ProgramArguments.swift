import Platform

/// The configured arguments as a process gets them.
struct ProgramArguments {
    let folder: String

    /// - Parameter forDotNet: whether they begin with what `dotnet` runs.
    func split(_ text: String, forDotNet: Bool) throws(LaunchFailure) -> [String] {
        guard !forDotNet || !text.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
            throw LaunchFailure(
                "Application arguments are empty; dotnet is told which library to run, for example "
                    + "arguments=\".\\App.dll\".")
        }
        // A path with spaces and without quotation marks.
        if !text.isEmpty, let path = ConfiguredPath.absolute(text, in: folder), let file = try? CasedFile.find(path) {
            return [file]
        }
        var words = CommandLineWords.split(text)
        for index in words.indices { words[index] = try native(words[index], forDotNet: forDotNet) }
        if forDotNet { try checkLibrary(words) }
        return words
    }

    /// A word that is a path of Windows to something that is there becomes this system's; every other stays as it is.
    private func native(_ word: String, forDotNet: Bool) throws(LaunchFailure) -> String {
        let isLibrary = forDotNet && word.lowercased().hasSuffix(".dll")
        guard isLibrary || word.contains("\\"), let path = ConfiguredPath.absolute(word, in: folder) else {
            return word
        }
        guard let found = isLibrary ? try CasedFile.find(path) : try? CasedFile.findAny(path) else { return word }
        return found
    }

    /// What `dotnet` would say with less: the library that it is to run is not there.
    private func checkLibrary(_ words: [String]) throws(LaunchFailure) {
        guard let first = words.first, first.lowercased().hasSuffix(".dll"), !first.hasPrefix("/") else { return }
        throw LaunchFailure(
            "The application '\(first)' is not in \(folder); publish it there or correct arguments.")
    }
}
