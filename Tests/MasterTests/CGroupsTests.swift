import Platform
import TestSupport
import Testing

@testable import HostModel
@testable import Master

/// On trees of ordinary folders and files that look like the kernel's.
@Suite("Control groups")
struct CGroupsTests {
    private let tree: TemporaryFolder

    init() throws { tree = try TemporaryFolder() }

    private func cpu(_ limit: UInt32, _ action: ApplicationPool.CPU.Action) -> ApplicationPool.CPU {
        ApplicationPool.CPU(
            limit: limit, action: action, resetInterval: .seconds(300), smpAffinitized: false, affinityMask: .max,
            processorGroup: 0, leavesNodeToScheduler: false, isNodeAffinityHard: false)
    }

    private func unified(controllers: String = "cpu io\n", processes: String = "") throws -> CGroups {
        try tree.write("cgroup.controllers", controllers)
        try tree.write("cgroup.subtree_control", "\n")
        try tree.write("cgroup.procs", processes)
        return CGroups(CGroupPlaces.of(unified: tree.path), instance: "x", processors: 2)
    }

    @Test func placesAreFoundInHybridTrees() {
        let places = CGroupPlaces(
            mounts: """
                tmpfs /sys/fs/cgroup tmpfs rw 0 0
                cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
                cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
                cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
                """, groups: "4:memory:/m\n2:cpu,cpuacct:/\n0::/system.slice/hostelry.service\n")
        #expect(places.unified == "/sys/fs/cgroup/unified/system.slice/hostelry.service")
        #expect(places.cpu == "/sys/fs/cgroup/cpu,cpuacct")
        #expect(CGroupPlaces(mounts: "", groups: "") == .none)
    }

    @Test func versionTwoLimitsPoolsAndHoldsWorkersApart() throws {
        let groups = try unified()
        #expect(groups.cpu == .unified && groups.endsDescendants)
        #expect(try tree.text("cgroup.subtree_control") == "+cpu\n" || tree.text("cgroup.subtree_control") == "+cpu")
        let one = groups.membership(pool: "Shop A", CPULimit(cpu(50_000, .throttle), processors: 2))
        let other = groups.membership(pool: "Shop A", CPULimit(nil, processors: 2))
        #expect(one.folder?.path == tree["hostelry-x/shop%20a/worker-1"])
        #expect(other.folder?.path == tree["hostelry-x/shop%20a/worker-2"])
        #expect(one.descriptors.count == 1)
    }

    @Test func aMasterThatIsAloneInItsGroupMovesAside() throws {
        _ = try unified(processes: "\(CurrentProcess.pid)\n")
        #expect(try tree.text("hostelry-master/cgroup.procs") == "\(CurrentProcess.pid)")
        let again = CGroups(
            CGroupPlaces.of(unified: "\(tree.path)/hostelry-master"), instance: "x", processors: 2)
        #expect(again.cpu == .unified)
        #expect(tree.names(in: "hostelry-master") == ["cgroup.procs"])
    }

    @Test func withoutTheControllerGroupsOnlyEndWorkers() throws {
        let groups = try unified(controllers: "io\n")
        #expect(groups.cpu == .none && groups.endsDescendants)
        #expect(groups.description.contains("sampled"))
    }

    @Test func besideVersionOneVersionTwoStillEndsWorkers() throws {
        try tree.write("cgroup.controllers", "\n")
        tree.makeFolder("cpu")
        let groups = CGroups(
            CGroupPlaces.of(unified: tree.path, cpu: tree["cpu"]), instance: "x", processors: 2)
        let membership = groups.membership(pool: "a", CPULimit(cpu(50_000, .throttle), processors: 2))
        #expect(membership.descriptors.count == 2)
        #expect(membership.folder?.path == tree["hostelry-x/a/worker-1"])
        #expect(try tree.text("cpu/hostelry-x/a/cpu.cfs_quota_us") == "100000")
        #expect(try tree.text("cpu/hostelry-x/a/cpu.cfs_period_us") == "100000")
        groups.limit(pool: "A", CPULimit(nil, processors: 2))
        #expect(try tree.text("cpu/hostelry-x/a/cpu.cfs_quota_us").hasPrefix("-1"))
    }

    @Test func whereNothingCanBeMadeNothingIsTried() {
        let groups = CGroups(CGroupPlaces.of(unified: "/proc/nowhere", cpu: "/proc/nowhere"), instance: "x")
        #expect(groups.cpu == .none && !groups.endsDescendants)
        let membership = groups.membership(pool: "a", CPULimit(nil, processors: 1))
        #expect(membership.descriptors.isEmpty && membership.folder == nil)
        #expect(!groups.ended(1))
    }

    @Test func theGroupOfAWorkerThatEndedIsKilled() throws {
        let groups = try unified()
        let membership = groups.membership(pool: "a", CPULimit(nil, processors: 2))
        try tree.write("hostelry-x/a/worker-1/cgroup.kill", "")
        groups.started(77, membership)
        #expect(groups.ended(77))
        #expect(try tree.text("hostelry-x/a/worker-1/cgroup.kill") == "1")
        #expect(!groups.ended(77))
    }

    @Test func leftoversOfAnEarlierMasterAreKilled() throws {
        for folder in ["hostelry-x", "hostelry-x/a", "hostelry-x/a/worker-9"] { tree.makeFolder(folder) }
        try tree.write("hostelry-x/a/worker-9/cgroup.kill", "")
        let groups = try unified()
        groups.endLeftovers()
        #expect(try tree.text("hostelry-x/a/worker-9/cgroup.kill") == "1")
    }

    @Test func theTimeOfAPoolIsThatOfItsGroup() throws {
        let groups = try unified()
        _ = groups.membership(pool: "a", CPULimit(nil, processors: 2))
        #expect(groups.processorTime(pool: "a") == nil)
        try tree.write("hostelry-x/a/cpu.stat", "usage_usec 1234\nuser_usec 1000\n")
        #expect(groups.processorTime(pool: "A") == 1_234_000)
    }
}

@Suite("Limits of processor time")
struct CPULimitTests {
    private func limit(_ limit: UInt32, _ action: ApplicationPool.CPU.Action, processors: Int = 4) -> CPULimit {
        CPULimit(
            ApplicationPool.CPU(
                limit: limit, action: action, resetInterval: .seconds(60), smpAffinitized: false, affinityMask: 0,
                processorGroup: 0, leavesNodeToScheduler: false, isNodeAffinityHard: false), processors: processors)
    }

    @Test func aPercentageIsOneOfAllProcessors() {
        #expect(limit(25_000, .throttle).unified.map(\.text) == ["100000 100000", "100"])
        #expect(limit(1, .throttle).unified.map(\.text) == ["1000 100000", "100"])
        #expect(limit(25_000, .throttle).legacy.map(\.text) == ["100000", "100000", "1024"])
    }

    @Test func underLoadIsAShare() {
        #expect(limit(25_000, .throttleUnderLoad).unified.map(\.text) == ["max 100000", "25"])
        #expect(limit(25_000, .throttleUnderLoad).legacy.map(\.text) == ["100000", "-1", "256"])
    }

    @Test func whoeverIsNotThrottledIsWatched() {
        #expect(limit(50_000, .killW3wp).unified.map(\.text) == ["max 100000", "100"])
        #expect(limit(50_000, .killW3wp).allowance(within: .seconds(60), isEnforced: true) == 120_000_000_000)
        #expect(limit(50_000, .throttle).allowance(within: .seconds(60), isEnforced: true) == nil)
        #expect(limit(50_000, .throttle).allowance(within: .seconds(60), isEnforced: false) == 120_000_000_000)
        #expect(limit(0, .killW3wp).allowance(within: .seconds(60), isEnforced: false) == nil)
        // IIS: 0 counts nothing.
        #expect(limit(50_000, .noAction).allowance(within: .zero, isEnforced: true) == nil)
    }

    @Test func tooMuchIsToldOnceInAnInterval() {
        var watch = CPUWatch(allowance: 100, interval: 1000)
        #expect(watch.sample(5000, now: 0) == nil)
        #expect(watch.sample(5100, now: 300) == nil)
        #expect(watch.sample(5101, now: 400) == 600)
        #expect(watch.sample(9000, now: 500) == nil)
        #expect(watch.sample(9050, now: 1100) == nil)
        #expect(watch.sample(9200, now: 1900) == 100)
    }

    @Test func aProcessThatIsGoneTakesNothingBack() {
        var watch = CPUWatch(allowance: 100, interval: 1000)
        #expect(watch.sample(5000, now: 0) == nil)
        #expect(watch.sample(5090, now: 1) == nil)
        #expect(watch.sample(5, now: 2) == nil)
        #expect(watch.sample(11, now: 3) == 997)
    }
}
