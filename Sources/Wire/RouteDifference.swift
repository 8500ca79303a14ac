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

    /// Costs one look at each site. Nil where the difference cannot be told by ids, because two sites have the same one,
    /// or where the server's own limits changed.
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
        let sites = Changes(old.sites, new.sites, key: \.id, isSame: isSame)
        let pools = Changes(old.pools, new.pools, key: \.id, isSame: ==)
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

        /// Nil where a key of something changed is another's too.
        init?(_ old: [Object], _ new: [Object], key: (Object) -> UInt32, isSame: (Object, Object) -> Bool) {
            let shorter = min(old.count, new.count)
            var head = 0
            while head < shorter, key(old[head]) == key(new[head]) { head += 1 }
            var tail = 0
            while tail < shorter - head, key(old[old.count - 1 - tail]) == key(new[new.count - 1 - tail]) { tail += 1 }
            for place in 0..<head where !isSame(old[place], new[place]) { changed.append(new[place]) }
            for place in (0..<tail).reversed() {
                let object = new[new.count - 1 - place]
                if !isSame(old[old.count - 1 - place], object) { changed.append(object) }
            }
            var waiting: [UInt32: Object] = [:]
            for object in old[head..<(old.count - tail)] {
                guard waiting.updateValue(object, forKey: key(object)) == nil else { return nil }
            }
            for object in new[head..<(new.count - tail)] {
                if let known = waiting.removeValue(forKey: key(object)), isSame(known, object) { continue }
                changed.append(object)
            }
            removed = waiting.keys.sorted()
            guard !changed.isEmpty || !removed.isEmpty else { return }
            let touched = Set(changed.map(key)).union(removed)
            guard touched.count == changed.count + removed.count, Self.isUnique(touched, in: old.lazy.map(key)),
                Self.isUnique(touched, in: new.lazy.map(key))
            else { return nil }
        }

        private static func isUnique(_ touched: Set<UInt32>, in keys: some Sequence<UInt32>) -> Bool {
            var seen: Set<UInt32> = []
            for key in keys where touched.contains(key) {
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
