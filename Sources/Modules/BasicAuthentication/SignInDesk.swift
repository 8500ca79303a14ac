import Credentials
import Pipeline
import Wire

/// Looks at names and passwords: at most a few at a time, off the event loop, and not twice for a busy client.
///
/// A success is remembered for `lifetime` as a keyed digest, so that a client that sends its password with every request
/// costs one hash a minute. Equal credentials that come from the same client while they are looked at wait for the same
/// answer.
final class SignInDesk {
    enum Outcome: Sendable {
        case accepted(groups: [String])
        case wrong
        /// The users file cannot be read; why, for the administrator.
        case unavailable(String)
        case overloaded
    }

    /// How long a success is remembered. Unit: milliseconds.
    static let lifetime: UInt64 = 60_000
    private static let maximumRemembered = 4096
    /// Hashes that are computed at once, so that others of the worker's threads stay free for files.
    private static let maximumChecks = 2
    /// Requests that wait, by all clients.
    private static let maximumWaiting = 1024

    private struct Success {
        let until: UInt64
        let version: Int
        let groups: [String]
    }

    /// What is looked at once for all who wait for it.
    private struct Subject: Hashable {
        let digest: CredentialDigest
        /// Nobody waits for another client's delay, or out of it.
        let client: IPAddress
    }

    private struct Waiters {
        var completions: [(Outcome) -> Void] = []
        /// Who is made to wait does not keep others from waiting.
        let limit: Int
    }

    private struct Check {
        let credentials: BasicCredentials
        let subject: Subject
        let address: IPAddress
        /// Whether it counts as a guess.
        let isGuess: Bool
    }

    private let files: UserFiles
    private let services: any ModuleServices
    private let maker = CredentialDigest.Maker()
    private var successes = AgingTable<CredentialDigest, Success>(capacity: maximumRemembered, period: lifetime)
    private var delays = SignInDelays()
    private var waiting: [Subject: Waiters] = [:]
    private var waitingCount = 0
    private var queue: [Check] = []
    private var checks = 0

    init(_ paths: UserFiles.Paths, _ services: any ModuleServices) {
        files = UserFiles(paths, services)
        self.services = services
    }

    /// Answers at once where that can be, else calls `completion` later and answers nil.
    func signIn(
        _ credentials: BasicCredentials, from address: IPAddress, then completion: @escaping (Outcome) -> Void
    ) -> Outcome? {
        guard let digest = maker.digest(name: Array(credentials.name.utf8), password: credentials.password) else {
            return .unavailable("The digest of a password cannot be computed")
        }
        let success = success(digest)
        // A file that was not looked at for a while may say something else by now.
        if let success, files.current != nil { return .accepted(groups: success.groups) }
        guard success != nil || waitingCount < Self.maximumWaiting else { return .overloaded }
        let subject = Subject(digest: digest, client: address.clientBlock)
        if let waiters = waiting[subject] {
            guard success != nil || waiters.completions.count < waiters.limit else { return .overloaded }
        } else {
            let check = Check(credentials: credentials, subject: subject, address: address, isGuess: success == nil)
            guard let delay = delay(check) else { return .overloaded }
            waiting[subject] = Waiters(limit: delay > 0 ? SignInDelays.maximumWaiting : Self.maximumWaiting)
            // Whatever is done here is done later, so that `completion` is never called from within.
            services.after(milliseconds: delay) { [self] in prepare(check) }
        }
        waiting[subject]?.completions.append(completion)
        waitingCount += 1
        return nil
    }

    /// What is remembered of the credentials, while the files have not changed.
    private func success(_ digest: CredentialDigest) -> Success? {
        guard let success = successes.value(of: digest, now: services.now), success.until > services.now,
            success.version == files.version
        else { return nil }
        return success
    }

    /// How long it has to wait. Unit: milliseconds.
    private func delay(_ check: Check) -> UInt64? {
        guard check.isGuess else { return 0 }
        return delays.begin(check.credentials.name.lowercasedASCII, from: check.address, now: services.now)
    }

    /// Makes sure that the files are known as they are now, then lets the check stand in line.
    private func prepare(_ check: Check) {
        guard files.current == nil else { return enqueue(check) }
        files.refresh { [self] in
            if let success = success(check.subject.digest) { return finish(check, .accepted(groups: success.groups)) }
            enqueue(check)
        }
    }

    private func enqueue(_ check: Check) {
        queue.append(check)
        next()
    }

    private func next() {
        while checks < Self.maximumChecks, !queue.isEmpty { look(queue.removeFirst()) }
    }

    private func look(_ check: Check) {
        let directory: UserDirectory
        switch files.current {
        case .directory(let known)?: directory = known
        case .unreadable(let reason)?: return finish(check, .unavailable(reason))
        // It waited in line for so long that the files have to be looked at again.
        case nil: return prepare(check)
        }
        checks += 1
        let version = files.version
        let (name, password) = (check.credentials.name, check.credentials.password)
        services.perform {
            directory.accepts(name: name, password: password)
                ? Outcome.accepted(groups: directory.groups(of: name)) : .wrong
        } then: { [self] outcome in
            checks -= 1
            if case .accepted(let groups) = outcome {
                let success = Success(until: services.now + Self.lifetime, version: version, groups: groups)
                successes.update(check.subject.digest, now: services.now, default: success) { $0 = success }
            }
            finish(check, outcome)
            next()
        }
    }

    private func finish(_ check: Check, _ outcome: Outcome) {
        if check.isGuess {
            var isRight = true
            if case .wrong = outcome { isRight = false }
            delays.end(
                check.credentials.name.lowercasedASCII, from: check.address, isRight: isRight, now: services.now)
        }
        let completions = waiting.removeValue(forKey: check.subject)?.completions ?? []
        waitingCount -= completions.count
        for completion in completions { completion(outcome) }
    }
}

/// The desks of directories that name the same files are one, as long as one of them is served.
final class SignInDesks {
    private struct Entry {
        weak var desk: SignInDesk?
    }

    private let services: any ModuleServices
    private var entries: [UserFiles.Paths: Entry] = [:]

    init(_ services: any ModuleServices) { self.services = services }

    func desk(_ paths: UserFiles.Paths) -> SignInDesk {
        if let known = entries[paths]?.desk { return known }
        entries = entries.filter { $0.value.desk != nil }
        let desk = SignInDesk(paths, services)
        entries[paths] = Entry(desk: desk)
        return desk
    }
}
