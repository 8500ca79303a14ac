internal import Platform

extension PublishedApplication {
    public struct Advice: Equatable, Sendable {
        /// A sentence.
        public let text: String
        /// For a shell; nil where none helps.
        public let command: String?
    }

    /// What to tell whoever wonders why nothing answers for `folder`, which no handler hands to a program; nil where it is no
    /// application, or none that answers requests.
    ///
    /// Waits for the disk.
    ///
    /// - Parameter documents: names of default documents; none where it is known that none is there.
    public static func unmappedAdvice(_ folder: String, documents: [String] = []) -> Advice? {
        do throws(UnreadableFiles) {
            guard let application = try answering(for: folder, documents: documents) else { return nil }
            if let obstacle = application.obstacle { return Advice(text: obstacle, command: nil) }
            let command = "hostelry web-config \(ShellWord.quoted(folder))"
            let text = "\(folder) holds the application \(application.name), and "
            guard (try? NameLookup.find("web.config", inFolder: folder))??.spelling != nil else {
                return Advice(
                    text: text + "there is no web.config that hands requests to it; '\(command)' writes it",
                    command: command)
            }
            // Whether that file may be written over is a person's to decide.
            return Advice(
                text: text + "its web.config has no handler for it; '\(command) --force' writes one that has",
                command: nil)
        } catch {
            return Advice(text: error.text, command: nil)
        }
    }
}
