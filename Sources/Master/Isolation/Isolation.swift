import Administration
import Events
import Glibc
import HostModel
import Platform

/// Keeps pools apart: gives each worker its pool's user, home, environment and limits, and sees to it that nothing of a
/// worker outlives it.
///
/// Not root: everything runs as the current user, each pool with a home of its own all the same.
final class Isolation {
    private let stateFolder: String
    private let allowsLocalSystem: Bool
    private let log: any EventRecorder
    /// Nil where every process runs as the current user.
    private let users: PoolUsers?
    let groups: CGroups
    private var told32Bit: Set<String> = []

    /// Why a role cannot be given what is its own.
    struct Failure: Error, CustomStringConvertible {
        let reason: String
        /// It lies in the configuration or in the machine's accounts: trying again does not help.
        var isLasting = false

        var description: String { reason }
    }

    /// - Parameter isShared: every process runs as the current user, root too.
    init(
        stateFolder: String, allowsLocalSystem: Bool, isShared: Bool = false, groups: CGroups? = nil,
        log: any EventRecorder
    ) throws {
        self.stateFolder = stateFolder
        self.allowsLocalSystem = allowsLocalSystem
        self.groups =
            groups ?? CGroups(.ofCurrentProcess(), instance: Self.instanceName(stateFolder: stateFolder))
        self.log = log
        users = CurrentProcess.user == 0 && !isShared ? try PoolUsers(stateFolder: stateFolder) : nil
        // What no group holds comes to the master when its worker is gone.
        if !self.groups.endsDescendants { try CurrentProcess.adoptDescendants() }
    }

    /// Ends what an earlier master's workers left behind, those aside that this master goes on with.
    func endLeftovers(adopted: [Int32]) {
        for pid in adopted { groups.adopted(pid) }
        groups.endLeftovers()
    }

    /// Says once, at the start, how far pools are kept apart.
    func report() {
        if users == nil {
            log.record(
                Event(.serverNotIsolated, "Pools are not isolated: every process runs as user \(CurrentProcess.user)."))
        }
        log.record(Event(.limitMechanism, groups.description))
    }

    /// The configuration was read (again): what holds for it is told once.
    func use(_ model: HostModel, after previous: HostModel) {
        told32Bit = []
        let origins = model.poolOrigins(in: previous)
        var isChanged = model.pools.count != previous.pools.count
        let limits = Dictionary(
            origins.gone.map { (previous.pools[$0].name, previous.pools[$0].cpu) },
            uniquingKeysWith: { first, _ in first })
        let processors = Machine.processors
        for pool in origins.fresh.lazy.map({ model.pools[$0] }) where limits[pool.name] != pool.cpu {
            isChanged = true
            groups.limit(pool: pool.name, CPULimit(pool.cpu, processors: processors))
        }
        if isChanged { groups.removeEmptyGroups() }
    }

    /// Eight hexadecimal digits of the folder's name (FNV-1a).
    static func instanceName(stateFolder: String) -> String {
        var hash: UInt32 = 0x811c_9dc5
        for byte in stateFolder.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    func router() throws(Failure) -> RoleSurroundings {
        var surroundings = RoleSurroundings()
        surroundings.limits = [.openFiles(), .noCoreFile(forGood: true)]
        surroundings.fileMask = 0o077
        guard let users else { return surroundings }
        do throws(PoolAccount.Failure) {
            let account = try PoolAccount.ofRouter(users: users)
            surroundings.identity = .init(user: account.user, group: account.group)
        } catch {
            throw Failure(reason: error.description)
        }
        return surroundings
    }

    /// What a new worker of a pool begins with; its home is there when it returns.
    ///
    /// Looks the pool's account up, which for other identities than ApplicationPoolIdentity may wait for a name service.
    func worker(of pool: HostingPlan.Pool) throws(Failure) -> RoleSurroundings {
        var surroundings = RoleSurroundings()
        let (name, home) = try identify(pool, &surroundings)
        surroundings.environment = RoleEnvironment.worker(
            user: name, home: home.path, temporaryFolder: home.temporaryFolder, pool: pool.environment)
        surroundings.directory = home.path
        // A core file holds the pool's secrets: who wants one raises the limit.
        surroundings.limits = [.openFiles(atMost: Self.workerFiles), .noCoreFile(forGood: false)]
        // Others than the group see nothing of what an application writes.
        surroundings.fileMask = 0o027
        surroundings.processors = try Self.processors(pool.process)
        surroundings.membership = groups.membership(
            pool: pool.name, CPULimit(pool.process.cpu, processors: Machine.processors))
        surroundings.adoptsDescendants = !groups.endsDescendants
        tell32Bit(pool)
        return surroundings
    }

    func started(_ pid: Int32, _ surroundings: RoleSurroundings) {
        groups.started(pid, surroundings.membership)
    }

    /// Ends what a worker that has ended left behind. `others` are the roles that run.
    func ended(_ pid: Int32, others: [Int32]) {
        if groups.ended(pid) || groups.endsDescendants { return }
        Descendants.end(ofSession: pid, except: Set(others))
    }

    /// Nothing runs any more.
    func close() { groups.close() }

    /// Many programs make a table of all open files they may have.
    private static let workerFiles: UInt64 = 65_536

    private func identify(
        _ pool: HostingPlan.Pool, _ surroundings: inout RoleSurroundings
    ) throws(Failure) -> (name: String, home: PoolHome) {
        let account: PoolAccount
        do throws(PoolAccount.Failure) {
            if let users {
                account = try PoolAccount.of(
                    pool: pool.name, pool.process.identity, userName: pool.process.userName, users: users,
                    stateFolder: stateFolder, allowsLocalSystem: allowsLocalSystem, purpose: .use)
                surroundings.identity = .init(
                    user: account.user, group: account.group, supplementaryGroups: account.supplementaryGroups)
            } else {
                account = PoolAccount.ofCaller(pool: pool.name, stateFolder: stateFolder)
            }
        } catch {
            throw Failure(reason: error.description, isLasting: error.isLasting)
        }
        do throws(FileError) {
            try account.home.make(user: account.user, group: account.group)
        } catch {
            throw Failure(reason: "its home cannot be made: \(error)")
        }
        return (account.name, account.home)
    }

    private static func processors(_ settings: ProcessSettings) throws(Failure) -> UInt64 {
        guard let cpu = settings.cpu, cpu.smpAffinitized else { return 0 }
        let count = Machine.processors
        let present = count >= 64 ? UInt64.max : (1 << UInt64(count)) - 1
        guard cpu.affinityMask & present != 0 else {
            throw Failure(
                reason: "smpProcessorAffinityMask names none of this machine's \(count) processors", isLasting: true)
        }
        return cpu.affinityMask & present
    }

    private func tell32Bit(_ pool: HostingPlan.Pool) {
        guard pool.process.is32Bit, told32Bit.insert(pool.name).inserted else { return }
        log.record(
            Event(
                .poolWithout32Bit, EventObject.pool(pool.name),
                "enable32BitAppOnWin64 is set, and there is no 32-bit application host yet: its worker is a 64-bit "
                    + "process that serves files and loads no application."))
    }
}
