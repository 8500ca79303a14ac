/// One step from a model to the next.
public enum ModelChange: Hashable, Sendable {
    case siteAdded(Site)
    case siteRemoved(Site)
    case siteChanged(from: Site, to: Site, SiteAspects)
    case poolAdded(ApplicationPool)
    case poolRemoved(ApplicationPool)
    case poolChanged(from: ApplicationPool, to: ApplicationPool, recycles: Bool)
    /// The server's own limits.
    case limitsChanged(HostModel.WebLimits)
    /// Sections of the server level, which every site inherits.
    case serverSettingsChanged
}

/// What of a site changed.
public struct SiteAspects: OptionSet, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let name = SiteAspects(rawValue: 1)
    public static let bindings = SiteAspects(rawValue: 2)
    /// Applications: their paths, pools and folders.
    public static let routes = SiteAspects(rawValue: 4)
    public static let limits = SiteAspects(rawValue: 8)
    public static let log = SiteAspects(rawValue: 16)
    /// `serverAutoStart` and quarantine.
    public static let state = SiteAspects(rawValue: 32)
    /// `<location>` tags of the server's file that are about it.
    public static let settings = SiteAspects(rawValue: 64)
    /// `traceFailedRequestsLogging`.
    public static let tracing = SiteAspects(rawValue: 128)
    /// `hsts`.
    public static let transportSecurity = SiteAspects(rawValue: 256)
}

extension HostModel {
    /// The smallest list of changes that makes `next` of this model: removals, then changes, then additions.
    ///
    /// Sites are the same by their id, pools by their name.
    public func changes(to next: HostModel) -> [ModelChange] {
        var changes: [ModelChange] = []
        if limits != next.limits { changes.append(.limitsChanged(next.limits)) }
        if locationTexts[""] != next.locationTexts[""] { changes.append(.serverSettingsChanged) }
        let poolPairs = Pairing(pools, next.pools, next.poolOrigins(in: self), key: { $0.name.lowercased() })
        let origins = next.siteOrigins(in: self)
        var sitePairs = Pairing(sites, next.sites, origins, key: \.id)
        // A site that was not read anew has changed where a location about it has.
        let texts = changedTexts(to: next)
        if !texts.isEmpty {
            sitePairs.keep(
                next.sites.indices.filter { texts.contains(next.sites[$0].name.lowercased()) }
                    .compactMap { place in origins[place].map { ($0, place) } })
        }
        changes += sitePairs.removed.map { .siteRemoved(sites[$0]) }
        changes += poolPairs.removed.map { .poolRemoved(pools[$0]) }
        changes += poolPairs.added.map { .poolAdded(next.pools[$0]) }
        for (old, new) in poolPairs.kept where pools[old] != next.pools[new] {
            let recycles = pools[old].recycling(by: next.pools[new])
            changes.append(.poolChanged(from: pools[old], to: next.pools[new], recycles: recycles))
        }
        for (old, new) in sitePairs.kept {
            let aspects = aspects(from: sites[old], to: next.sites[new], in: next)
            if !aspects.isEmpty { changes.append(.siteChanged(from: sites[old], to: next.sites[new], aspects)) }
        }
        return changes + sitePairs.added.map { .siteAdded(next.sites[$0]) }
    }

    /// The sites whose locations say something else in `next`, in lower case.
    private func changedTexts(to next: HostModel) -> Set<String> {
        var changed: Set<String> = []
        for (site, text) in next.locationTexts where locationTexts[site] != text { changed.insert(site) }
        for site in locationTexts.keys where next.locationTexts[site] == nil { changed.insert(site) }
        return changed
    }

    private func aspects(from old: Site, to new: Site, in next: HostModel) -> SiteAspects {
        var aspects: SiteAspects = []
        let oldText = locationTexts.isEmpty ? nil : locationTexts[old.name.lowercased()]
        let newText = next.locationTexts.isEmpty ? nil : next.locationTexts[new.name.lowercased()]
        if oldText != newText { aspects.insert(.settings) }
        guard old != new else { return aspects }
        if old.name != new.name { aspects.insert(.name) }
        if old.bindings != new.bindings { aspects.insert(.bindings) }
        if old.applications != new.applications { aspects.insert(.routes) }
        if old.limits != new.limits { aspects.insert(.limits) }
        if old.log != new.log { aspects.insert(.log) }
        if old.tracing != new.tracing { aspects.insert(.tracing) }
        if old.transportSecurity != new.transportSecurity { aspects.insert(.transportSecurity) }
        if old.serverAutoStart != new.serverAutoStart || old.quarantine != new.quarantine { aspects.insert(.state) }
        return aspects
    }
}

extension ApplicationPool {
    /// The same for pools whose worker processes are started with the same settings, and in all likelihood for no others.
    /// For keeping: it stays what it is when the program is started again.
    public var processFingerprint: UInt64 {
        // FNV-1a over the settings' texts.
        processSettings.map { "\($0)" }.joined(separator: "\u{1}").utf8.reduce(0xcbf2_9ce4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
    }

    /// Whether going over to `next` needs new worker processes; the other settings are applied to running ones.
    fileprivate func recycling(by next: ApplicationPool) -> Bool { processSettings != next.processSettings }

    /// What a worker process is started with. A password is none of it: no user of this system needs one to be taken on.
    private var processSettings: [AnyHashable] {
        [
            enable32BitAppOnWin64, managedRuntimeVersion, managedRuntimeLoader, clrConfigFile, passAnonymousToken,
            managedPipelineMode, enableConfigurationOverride, environmentVariables, processModel.identity,
            processModel.userName, processModel.logsOnAsService, processModel.manualGroupMembership,
            processModel.requestQueueDelegatorIdentity, processModel.loadUserProfile,
            processModel.setProfileEnvironment, processModel.maxProcesses, cpu.smpAffinitized, cpu.affinityMask,
            cpu.processorGroup, cpu.leavesNodeToScheduler, cpu.isNodeAffinityHard,
        ]
    }
}

/// Which places of two lists hold the same object, those left out where it is known to be unchanged.
private struct Pairing {
    /// In the order of the new list.
    private(set) var kept: [(Int, Int)] = []
    private(set) var removed: [Int] = []
    private(set) var added: [Int] = []

    init<Object, Key: Hashable>(_ old: [Object], _ new: [Object], _ origins: Origins, key: (Object) -> Key) {
        // Most changes leave every object its place; the k-th new one of a key pairs with the k-th old one.
        if origins.gone.count == origins.fresh.count,
            zip(origins.gone, origins.fresh).allSatisfy({ key(old[$0]) == key(new[$1]) })
        {
            kept = Array(zip(origins.gone, origins.fresh))
            return
        }
        // Of several with one key (all but the first are quarantined) each pairs once.
        var waiting = Dictionary(grouping: origins.gone.reversed()) { key(old[$0]) }
        for place in origins.fresh {
            if let partner = waiting[key(new[place])]?.popLast() {
                kept.append((partner, place))
            } else {
                added.append(place)
            }
        }
        removed = waiting.values.joined().sorted()
    }

    mutating func keep(_ pairs: [(Int, Int)]) {
        kept += pairs
        kept.sort { $0.1 < $1.1 }
    }
}
