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
}

extension HostModel {
    /// The smallest list of changes that makes `next` of this model: removals, then changes, then additions.
    ///
    /// Sites are the same by their id, pools by their name.
    public func changes(to next: HostModel) -> [ModelChange] {
        var changes: [ModelChange] = []
        if limits != next.limits { changes.append(.limitsChanged(next.limits)) }
        if locations[""] != next.locations[""] { changes.append(.serverSettingsChanged) }
        let poolPairs = Pairing(pools, next.pools) { $0.name.lowercased() }
        let sitePairs = Pairing(sites, next.sites) { $0.id }
        changes += sitePairs.removed.map(ModelChange.siteRemoved)
        changes += poolPairs.removed.map(ModelChange.poolRemoved)
        changes += poolPairs.added.map(ModelChange.poolAdded)
        for (old, new) in poolPairs.kept where old != new {
            changes.append(.poolChanged(from: old, to: new, recycles: old.recycling(by: new)))
        }
        for (old, new) in sitePairs.kept {
            let aspects = aspects(from: old, to: new, in: next)
            if !aspects.isEmpty { changes.append(.siteChanged(from: old, to: new, aspects)) }
        }
        return changes + sitePairs.added.map(ModelChange.siteAdded)
    }

    private func aspects(from old: Site, to new: Site, in next: HostModel) -> SiteAspects {
        var aspects: SiteAspects = []
        let oldText = locations.isEmpty ? nil : locations[old.name.lowercased()]
        let newText = next.locations.isEmpty ? nil : next.locations[new.name.lowercased()]
        if oldText != newText { aspects.insert(.settings) }
        guard old != new else { return aspects }
        if old.name != new.name { aspects.insert(.name) }
        if old.bindings != new.bindings { aspects.insert(.bindings) }
        if old.applications != new.applications { aspects.insert(.routes) }
        if old.limits != new.limits { aspects.insert(.limits) }
        if old.log != new.log { aspects.insert(.log) }
        if old.serverAutoStart != new.serverAutoStart || old.quarantine != new.quarantine { aspects.insert(.state) }
        return aspects
    }
}

extension ApplicationPool {
    /// Whether going over to `next` needs new worker processes; the other settings are applied to running ones.
    fileprivate func recycling(by next: ApplicationPool) -> Bool {
        enable32BitAppOnWin64 != next.enable32BitAppOnWin64 || managedRuntimeVersion != next.managedRuntimeVersion
            || managedPipelineMode != next.managedPipelineMode
            || enableConfigurationOverride != next.enableConfigurationOverride
            || environmentVariables != next.environmentVariables
            || processModel.identity != next.processModel.identity
            || processModel.userName != next.processModel.userName
            || processModel.loadUserProfile != next.processModel.loadUserProfile
            || processModel.setProfileEnvironment != next.processModel.setProfileEnvironment
            || processModel.maxProcesses != next.processModel.maxProcesses
            || cpu.smpAffinitized != next.cpu.smpAffinitized || cpu.affinityMask != next.cpu.affinityMask
    }
}

/// Which elements of two lists are the same object. Lists that name the same objects in the same order cost no table.
private struct Pairing<Value> {
    private(set) var kept: [(Value, Value)] = []
    private(set) var removed: [Value] = []
    private(set) var added: [Value] = []

    init<Key: Hashable>(_ old: [Value], _ new: [Value], key: (Value) -> Key) {
        var oldRest = old[...]
        var newRest = new[...]
        kept.reserveCapacity(Swift.min(old.count, new.count))
        while let first = oldRest.first, let second = newRest.first, key(first) == key(second) {
            kept.append((oldRest.removeFirst(), newRest.removeFirst()))
        }
        var tail: [(Value, Value)] = []
        while let first = oldRest.last, let second = newRest.last, key(first) == key(second) {
            tail.append((oldRest.removeLast(), newRest.removeLast()))
        }
        // Of several with one key (all but the first are quarantined) each pairs once.
        var waiting = Dictionary(grouping: oldRest, by: key)
        for value in newRest {
            if let partner = waiting[key(value)]?.first {
                waiting[key(value)]?.removeFirst()
                kept.append((partner, value))
            } else {
                added.append(value)
            }
        }
        kept += tail.reversed()
        for value in oldRest where waiting[key(value)]?.isEmpty == false {
            removed.append(value)
            waiting[key(value)]?.removeFirst()
        }
    }
}
