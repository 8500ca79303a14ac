import Credentials
import Pipeline
import Platform
import Wire

/// Host names of clients, asked of the DNS off the event loop and remembered.
///
/// A name counts only where it leads back to the address. At most `maximumLookups` questions are under way and
/// `maximumWaiting` requests wait for answers; beyond that a name is unknown.
final class HostNames {
    enum Answer: Equatable {
        case name(String)
        /// The address has no name that leads back to it.
        case none
        /// Nobody could be asked, or did not answer.
        case unknown
    }

    private static let maximumLookups = 4
    private static let maximumWaiting = 256
    private static let maximumKnown = 4096
    /// How long a name is remembered at least; twice as long at most. Unit: milliseconds.
    private static let lifetime: UInt64 = 300_000
    /// The same for names that could not be found out.
    private static let failureLifetime: UInt64 = 10_000

    private let services: any ModuleServices
    private let lookup: @Sendable (IPAddress) -> Answer
    private var answers = AgingTable<IPAddress, Answer>(capacity: maximumKnown, period: lifetime)
    private var failures = AgingTable<IPAddress, Answer>(capacity: maximumKnown, period: failureLifetime)
    private var waiting: [IPAddress: [() -> Void]] = [:]
    private var waitingCount = 0
    private var queue: [IPAddress] = []
    private var lookups = 0

    init(_ services: any ModuleServices, lookup: @escaping @Sendable (IPAddress) -> Answer = HostNames.askDNS) {
        self.services = services
        self.lookup = lookup
    }

    func known(_ address: IPAddress) -> Answer? {
        answers.value(of: address, now: services.now) ?? failures.value(of: address, now: services.now)
    }

    /// Finds the name out and then calls `completion`, later. What is not found out by then is known to be unknown.
    func find(_ address: IPAddress, then completion: @escaping () -> Void) {
        guard waitingCount < Self.maximumWaiting else {
            remember(.unknown, of: address)
            services.after(milliseconds: 0, completion)
            return
        }
        waitingCount += 1
        if waiting[address] != nil {
            waiting[address]?.append(completion)
            return
        }
        waiting[address] = [completion]
        queue.append(address)
        ask()
    }

    private func ask() {
        guard lookups < Self.maximumLookups, !queue.isEmpty else { return }
        lookups += 1
        let address = queue.removeFirst()
        services.perform { [lookup] in
            lookup(address)
        } then: { [self] answer in
            lookups -= 1
            remember(answer, of: address)
            let completions = waiting.removeValue(forKey: address) ?? []
            waitingCount -= completions.count
            for completion in completions { completion() }
            ask()
        }
    }

    private func remember(_ answer: Answer, of address: IPAddress) {
        if answer == .unknown {
            failures.update(address, now: services.now, default: answer) { $0 = answer }
        } else {
            answers.update(address, now: services.now, default: answer) { $0 = answer }
        }
    }

    @Sendable
    static func askDNS(_ address: IPAddress) -> Answer {
        let internet: InternetAddress =
            address.v4.map { .v4($0) } ?? .v6(high: address.high, low: address.low)
        return switch internet.confirmedHostName() {
        case .found(let name): .name(name.lowercasedASCII)
        case .none: .none
        case .failed: .unknown
        }
    }
}
