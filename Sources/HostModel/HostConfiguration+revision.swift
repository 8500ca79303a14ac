internal import Configuration

extension HostConfiguration {
    /// The version that `text` makes, where it differs in sites, pools and locations that share nothing with others; nil
    /// where more has to be looked at.
    func revision(_ outline: Outline, _ text: [UInt8]) -> HostConfiguration? {
        guard let next = outline.revised(from: self.text, to: text) else { return nil }
        let (sites, pools, locations) = (next.entries(.site), next.entries(.pool), next.entries(.location))
        var references = self.references

        // What is gone, or was read anew.
        let oldSites = Self.gone(from: model.sites, sites)
        let oldPools = Self.gone(from: model.pools, pools)
        let oldLocations = Self.gone(from: model.locations, locations)
        guard oldSites.allSatisfy(references.isAlone), oldPools.allSatisfy(references.isAlone),
            oldLocations.allSatisfy(references.isAlone)
        else { return nil }
        for site in oldSites { references.remove(site) }
        for pool in oldPools { references.remove(pool) }
        for location in oldLocations { references.remove(location) }

        // What is new, in a document that holds nothing else: all locations of a site together.
        var located = Set(oldLocations.map(\.site))
        for entry in locations where entry.origin == nil {
            guard let path = entry.locationPath(in: text), let site = Location.site(ofPath: path) else { return nil }
            located.insert(site)
        }
        let old = self.model
        let isRead: (Outline.Entry) -> Bool = { [located] entry in
            guard entry.kind == .location, let origin = entry.origin else { return entry.origin == nil }
            return located.contains(old.locations[Int(origin)].site)
        }
        let part = next.text(text) { entry, _ in isRead(entry) }
        guard let partial = try? server.replacingText(part), partial.file.problems.isEmpty else { return nil }
        let parts = ModelParts(partial)
        guard parts.sites.count == sites.count(where: { $0.origin == nil }),
            parts.pools.count == pools.count(where: { $0.origin == nil }),
            parts.locations.count == locations.count(where: isRead)
        else { return nil }
        // Nothing that was read says where the log stands now that other sites share.
        guard model.sharedWarnings.isEmpty || !parts.sharedWarnings.isEmpty else { return nil }

        var (freshSites, freshPools) = (parts.sites, parts.pools)
        for pool in freshPools { references.add(pool) }
        for site in freshSites { references.add(site) }
        var allLocations: [LocationPlace] = []
        allLocations.reserveCapacity(locations.count)
        var read = 0
        for entry in locations {
            if isRead(entry) {
                allLocations.append(parts.locations[read])
                read += 1
                if entry.origin == nil { references.add(allLocations[allLocations.count - 1]) }
            } else if let origin = entry.origin {
                allLocations.append(model.locations[Int(origin)].moved(to: entry.lineNumber))
            }
        }
        guard freshSites.allSatisfy(references.isAlone), freshPools.allSatisfy(references.isAlone),
            zip(allLocations, locations).allSatisfy({ $1.origin != nil || references.isAlone($0) })
        else { return nil }

        let file = model.file
        let pool: (String) -> Bool? = { references.pools[$0]?.isSound }
        for index in freshSites.indices { CrossChecks.pools(of: &freshSites[index], file: file, isSound: pool) }
        var newProblems: [Problem] = freshSites.flatMap { $0.allProblems }
        newProblems += freshPools.flatMap { $0.quarantine }
        newProblems += parts.locations.flatMap { $0.problems }

        // Sites that stay, beside pools that came, went, broke or were mended.
        let changedPools = Set((oldPools + freshPools).map { $0.name.lowercased() }).filter { name in
            self.references.pools[name]?.isSound != references.pools[name]?.isSound
        }.map(SoughtPool.init)
        freshSites.reverse()
        freshPools.reverse()
        var allSites: [Site] = []
        allSites.reserveCapacity(sites.count)
        for entry in sites {
            guard let origin = entry.origin else {
                if let site = freshSites.popLast() { allSites.append(site) }
                continue
            }
            var site = model.sites[Int(origin)]
            site.line = SourceLine(entry.lineNumber)
            if !changedPools.isEmpty, changedPools.contains(where: site.uses) {
                CrossChecks.pools(of: &site, file: file, isSound: pool)
                if site.hasQuarantinedApplications { newProblems += site.applications.flatMap { $0.quarantine } }
            }
            allSites.append(site)
        }
        var allPools: [ApplicationPool] = []
        allPools.reserveCapacity(pools.count)
        for entry in pools {
            if let origin = entry.origin {
                allPools.append(model.pools[Int(origin)].moved(to: entry.lineNumber))
            } else if let pool = freshPools.popLast() {
                allPools.append(pool)
            }
        }

        var texts = model.locationTexts
        for site in located { texts[site] = parts.locationTexts[site] }
        let revised = HostModel(
            parts, sites: allSites, pools: allPools, locations: allLocations,
            locationTexts: texts, file: file)
        return HostConfiguration(
            revised, partial, text: text, outline: next, references: references, newProblems: newProblems)
    }

    /// Those of `old` that no entry of the new outline comes from.
    private static func gone<Object>(from old: [Object], _ entries: [Outline.Entry]) -> [Object] {
        var gone: [Object] = []
        var next = 0
        for entry in entries {
            guard let origin = entry.origin else { continue }
            while next < origin {
                gone.append(old[next])
                next += 1
            }
            next = Int(origin) + 1
        }
        return gone + old[next...]
    }
}
