import Arguments
import Configuration
import ConfigurationStore
import Events
import Platform

/// The keys of encrypted attributes.
extension Execution {
    static func showKeys(_ invocation: Invocation) -> Int32 {
        do {
            let ring = try KeyFile(state: statePath(invocation)).read()
            let values = try SecretRewriting.values(beside: configurationPath(invocation))
            print("KEY               CREATED                   VALUES")
            for (index, entry) in (ring?.entries ?? []).enumerated() {
                let count = values.count { $0.encrypted.flatMap(HostelryAesProvider.keyID) == entry.id }
                let isCurrent = index + 1 == ring?.entries.count
                print(
                    "\(entry.name)  \(Timestamp(nanoseconds: entry.created).text)  \(count)\(isCurrent ? "  current" : "")"
                )
            }
            for value in values where value.isClear { print("\(LineText.printable(value.place)): clear text") }
            for value in values where value.encrypted != nil && (try? value.open(with: ring)) == nil {
                print("\(LineText.printable(value.place)): \(reason(value, ring))")
            }
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    static func encryptSecrets(_ invocation: Invocation) -> Int32 {
        let file = KeyFile(state: statePath(invocation))
        let isTrial = invocation.has(Commands.dryRun)
        do {
            try refuseShared(invocation)
            // A trial leaves nothing behind, no key either.
            let ring = isTrial ? try file.read() ?? KeyRing(now: FileStamp.now()) : try file.readOrMake()
            let rewriting = try SecretRewriting(.clear, configurationPath: configurationPath(invocation), with: ring)
            tell(rewriting, isTrial ? "would be sealed" : "sealed")
            if isTrial || rewriting.sealed.isEmpty { return 0 }
            return submit(
                rewriting, "hostelry keys encrypt", "\(rewriting.sealed.count) values sealed", invocation) ? 0 : 1
        } catch {
            return fail("\(error)")
        }
    }

    static func rotateKeys(_ invocation: Invocation) -> Int32 {
        let file = KeyFile(state: statePath(invocation))
        let path = configurationPath(invocation)
        do {
            try refuseShared(invocation)
            var ring = try file.readOrMake()
            let known = try SecretRewriting(.clear, configurationPath: path, with: ring)
            guard known.lost.isEmpty else {
                return fail(
                    "nothing is changed: no key opens these values; import the keys they were sealed with, or write them "
                        + "anew\n" + known.lost.map { "  \($0.place)" }.joined(separator: "\n"))
            }
            ring = try file.edit { $0.renew(now: FileStamp.now()) }
            let rewriting = try SecretRewriting(.outdated, configurationPath: path, with: ring)
            tell(rewriting, "sealed")
            if !rewriting.sealed.isEmpty,
                !submit(rewriting, "hostelry keys rotate", "\(rewriting.sealed.count) values sealed anew", invocation)
            {
                return 1
            }
            print("The key is \(ring.entries[ring.entries.count - 1].name).")
            guard invocation.has(Commands.forget) else { return 0 }
            // Whatever an editor saved meanwhile keeps its key.
            let used = Set(
                try SecretRewriting.values(beside: path).compactMap { $0.encrypted.flatMap(HostelryAesProvider.keyID) })
            var count = 0
            try file.edit { count = $0.forget { used.contains($0) } }
            print("\(count) forgotten.")
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    /// Whether the change is made; else the reason has been told.
    private static func submit(
        _ rewriting: SecretRewriting, _ tool: String, _ comment: String, _ invocation: Invocation
    ) -> Bool {
        let files = rewriting.files.filter { $0.old != $0.new }.map { file in
            FileChange(
                file.path, expected: FileChange.Expectation(file.old), content: file.new,
                isServerFile: file.isServerFile)
        }
        do throws(ChangeSubmission.Failure) {
            _ = try ChangeSubmission.make(
                ConfigurationChange(files: files, author: .current, tool: tool, comment: comment),
                state: statePath(invocation))
            return true
        } catch {
            _ = fail("the values stay as they are: \(error.description)")
            return false
        }
    }

    private struct Shared: Error, CustomStringConvertible {
        let description: String
    }

    /// A shared configuration is several servers', each with keys of its own.
    static func refuseShared(_ invocation: Invocation) throws {
        guard let folder = try SecretRewriting.sharedFolder(beside: configurationPath(invocation)) else { return }
        throw Shared(
            description:
                "nothing is changed: the configuration in force is the shared one in \(folder), which other servers "
                + "read with their own keys; name it by --config \(folder)/applicationHost.config, and give the others "
                + "the keys by 'hostelry export' and 'hostelry import'")
    }

    private static func tell(_ rewriting: SecretRewriting, _ done: String) {
        for value in rewriting.sealed { print("\(LineText.printable(value.place)): \(done)") }
        for value in rewriting.left {
            let provider = value.encrypted?.provider ?? ""
            print("\(LineText.printable(value.place)): left alone, encrypted by \(LineText.printable(provider))")
        }
        if rewriting.sealed.isEmpty { print("Nothing is to be sealed.") }
    }

    private static func reason(_ value: SecretValue, _ ring: KeyRing?) -> String {
        do throws(ConfigurationError) {
            _ = try value.open(with: ring)
            return ""
        } catch {
            return error.text
        }
    }
}
