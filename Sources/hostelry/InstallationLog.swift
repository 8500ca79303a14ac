import Events
import Platform

/// What an installer did, in a file of the folder for temporary files, under the name that the log of IIS's hosting bundle has.
final class InstallationLog {
    private var lines: [String] = []
    private let begin = WallClock.seconds()

    func note(_ text: String) {
        let time = Timestamp(nanoseconds: WallClock.seconds() * 1_000_000_000).text
        lines.append("[\(time)] \(LineText.printable(text))\n")
    }

    /// Writes the file and answers its path; nil where it cannot be written, which is no reason not to install.
    ///
    /// Others may write the folder too: the file is made in a folder of its own, and a name that somebody else has taken is
    /// never followed.
    func write() -> String? {
        let parent = CurrentProcess.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        guard let folder = try? Folder.makeTemporary(in: parent, prefix: "hostelry-log-") else { return nil }
        defer { Folder.removeTree(folder) }
        do {
            let draft = "\(folder)/log"
            try DocumentFile(draft, creationMode: 0o600).commit(Array(lines.joined().utf8), replacing: nil)
            for number in 0..<1000 {
                let path = "\(parent)/\(name(number))"
                guard try FileStamp.of(path) == nil else { continue }
                try Folder.moveFile(draft, to: path)
                return path
            }
        } catch {
            return nil
        }
        return nil
    }

    private func name(_ number: Int) -> String {
        let time = Timestamp(nanoseconds: begin * 1_000_000_000).text.prefix(19).filter(\.isNumber)
        let digits = String(number)
        let counter = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return "dd_DotNetCoreWinSvrHosting__\(time)_\(counter)_AspNetCoreModule_\(Self.architecture).log"
    }

    #if arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "x64"
    #endif
}
