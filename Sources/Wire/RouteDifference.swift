/// What makes one `RouteTable` of another: the sites and pools that are new or changed, whole, and the numbers of those
/// that are gone.
public struct RouteDifference: Equatable, Sendable {
    /// The ids of sites.
    public var removedSites: [UInt32] = []
    public var sites: [RouteTable.Site] = []
    /// The ids of pools, which no site uses any more.
    public var removedPools: [UInt32] = []
    public var pools: [RouteTable.Pool] = []
    /// What the logs of `sites` are like; their numbers count these.
    public var logs: [LogSettings] = []

    public init() {}

    public var isEmpty: Bool { removedSites.isEmpty && sites.isEmpty && removedPools.isEmpty && pools.isEmpty }

    /// Costs a comparison of what is not a copy of the same, which is what changed, and a look at each id. Nil where the
    /// difference cannot be told by ids, because two sites have the same one, or where the server's own limits changed.
    public init?(from old: RouteTable, to new: RouteTable) {
        guard old.limits == new.limits else { return nil }
        let numbersStay = new.logs.starts(with: old.logs)
        func log(_ site: RouteTable.Site, of table: RouteTable) -> LogSettings? {
            site.log.flatMap { $0 < table.logs.count ? table.logs[Int($0)] : nil }
        }
        func isSame(_ one: RouteTable.Site, _ other: RouteTable.Site) -> Bool {
            if numbersStay { return one == other }
            var renumbered = one
            renumbered.log = other.log
            return renumbered == other && log(one, of: old) == log(other, of: new)
        }
        let sites = Changes(
            old.sites, new.sites, key: { $0.id }, isCopy: { numbersStay && $0.isCopy(of: $1) },
            isSame: isSame)
        let pools = Changes(old.pools, new.pools, key: { $0.id }, isCopy: { $0 == $1 }, isSame: ==)
        guard let sites, let pools else { return nil }
        removedSites = sites.removed
        removedPools = pools.removed
        self.pools = pools.changed
        for var site in sites.changed {
            if let settings = log(site, of: new) {
                site.log = UInt32(logs.firstIndex(of: settings) ?? logs.count)
                if Int(site.log ?? 0) == logs.count { logs.append(settings) }
            }
            self.sites.append(site)
        }
    }

    private struct Changes<Object> {
        var removed: [UInt32] = []
        var changed: [Object] = []

        /// Nil where a key of something changed is another's too. Of two that are `isCopy` nothing more is asked.
        init?(
            _ old: [Object], _ new: [Object], key: (borrowing Object) -> UInt32,
            isCopy: (borrowing Object, borrowing Object) -> Bool, isSame: (Object, Object) -> Bool
        ) {
            let (one, other) = (old.span, new.span)
            let shorter = min(one.count, other.count)
            var head = 0
            while head < shorter, isCopy(one[head], other[head]) { head += 1 }
            var tail = 0
            while tail < shorter - head, isCopy(one[one.count - 1 - tail], other[other.count - 1 - tail]) { tail += 1 }
            compare(old[head..<(old.count - tail)], new[head..<(new.count - tail)], key: key) {
                isCopy($0, $1) || isSame($0, $1)
            }
            guard !changed.isEmpty || !removed.isEmpty else { return }
            let touched = Set(changed.map { key($0) }).union(removed)
            guard touched.count == changed.count + removed.count, Self.isUnique(touched, in: old, key: key),
                Self.isUnique(touched, in: new, key: key)
            else { return nil }
        }

        private mutating func compare(
            _ old: ArraySlice<Object>, _ new: ArraySlice<Object>, key: (borrowing Object) -> UInt32,
            isSame: (Object, Object) -> Bool
        ) {
            // Most changes leave every object its place.
            var (one, other) = (old, new)
            while let before = one.first, let now = other.first, key(before) == key(now) {
                if !isSame(before, now) { changed.append(now) }
                one.removeFirst()
                other.removeFirst()
            }
            while let before = one.last, let now = other.last, key(before) == key(now) {
                if !isSame(before, now) { changed.append(now) }
                one.removeLast()
                other.removeLast()
            }
            var waiting: [UInt32: Object] = [:]
            for object in one {
                // Two with one key among what is left: one of them counts as gone, and is found out.
                if let twin = waiting.updateValue(object, forKey: key(object)) { removed.append(key(twin)) }
            }
            for object in other {
                if let known = waiting.removeValue(forKey: key(object)), isSame(known, object) { continue }
                changed.append(object)
            }
            removed = (removed + waiting.keys).sorted()
        }

        private static func isUnique(
            _ touched: Set<UInt32>, in objects: [Object], key: (borrowing Object) -> UInt32
        ) -> Bool {
            guard let lowest = touched.min(), let highest = touched.max() else { return true }
            var seen: Set<UInt32> = []
            let all = objects.span
            for place in all.indices {
                let key = key(all[place])
                guard key >= lowest, key <= highest, touched.contains(key) else { continue }
                guard seen.insert(key).inserted else { return false }
            }
            return true
        }
    }
}

extension RouteDifference {
    func append(to output: inout [UInt8]) {
        output.append(array: removedSites) { $0.append(littleEndian: $1) }
        output.append(array: removedPools) { $0.append(littleEndian: $1) }
        RouteTable(pools: pools, sites: sites, logs: logs).append(to: &output)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        removedSites = try reader.array { (reader) throws(WireError) in try reader.integer() }
        removedPools = try reader.array { (reader) throws(WireError) in try reader.integer() }
        // The sites may use pools that the table before has.
        let table = try RouteTable(&reader, isWhole: false)
        (pools, sites, logs) = (table.pools, table.sites, table.logs)
    }
}
