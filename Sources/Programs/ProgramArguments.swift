import Platform

/// The configured arguments as a process gets them.
struct ProgramArguments {
    let folder: String

    func split(_ text: String) throws(LaunchFailure) -> [String] {
        if let file = whole(text) { return [file] }
        return CommandLineWords.split(text).map { word in
            guard word.contains("\\"), let path = ConfiguredPath.absolute(word, in: folder) else { return word }
            return (try? CasedFile.findAny(path)) ?? word
        }
    }

    /// Those that begin with what `dotnet` runs: every library that is there gets its whole path.
    func splitForDotNet(_ text: String) throws(LaunchFailure) -> [String] {
        guard text.contains(where: { $0 != " " && $0 != "\t" }) else {
            throw LaunchFailure(
                "Application arguments are empty; dotnet is told which library to run, for example "
                    + "arguments=\".\\App.dll\".")
        }
        var words = try split(text)
        for (index, word) in words.enumerated() where word.lowercased().hasSuffix(".dll") {
            guard let path = ConfiguredPath.absolute(word, in: folder) else { continue }
            if let found = try CasedFile.find(path) {
                words[index] = found
            } else if index == 0 {
                throw LaunchFailure(
                    "The application '\(word)' is not in \(folder); publish it there or correct arguments.")
            }
        }
        return words
    }

    /// A path with spaces and without quotation marks.
    private func whole(_ text: String) -> String? {
        guard text.contains(" "), let path = ConfiguredPath.absolute(text, in: folder) else { return nil }
        return try? CasedFile.find(path)
    }
}
