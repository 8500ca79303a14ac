internal import Platform

/// What sites and pools are called and where they listen, counted: an edit that touches none of what two share cannot
/// change what is wrong with others.
struct References: Sendable {
    /// A place to listen at, whatever the protocol; every address has one spelling.
    struct Place: Hashable, Sendable {
        private let address: InternetAddress?
        private let port: UInt16
        private let host: Binding.Host

        init(_ binding: Binding) {
            switch binding.address {
            case nil, .v4(0), .v6(0, 0): address = nil
            case let other?: address = other
            }
            port = binding.port
            host = binding.host
        }
    }

    struct Pool: Sendable {
        var count: Int
        var isSound: Bool
    }

    private var names = LayeredTable<String, Int>()
    private var ids = LayeredTable<UInt32, Int>()
    private var places = LayeredTable<Place, Int>()
    private var paths = LayeredTable<String, Int>()
    /// By their names in lower case.
    private(set) var pools = LayeredTable<String, Pool>()

    init() {}

    init(_ model: HostModel) {
        names.reserveCapacity(model.sites.count)
        ids.reserveCapacity(model.sites.count)
        places.reserveCapacity(model.sites.count)
        for site in model.sites { add(site) }
        for pool in model.pools { add(pool) }
        for location in model.locations { add(location) }
        names.share()
        ids.share()
        places.share()
        paths.share()
        pools.share()
    }

    /// Whether nothing of the site is another's too.
    func isAlone(_ site: Site) -> Bool {
        names[site.name.lowercased()] == 1 && ids[site.id] == 1
            && site.bindings.allSatisfy { places[Place($0)] == 1 }
    }

    func isAlone(_ pool: ApplicationPool) -> Bool { pools[pool.name.lowercased()]?.count == 1 }

    func isAlone(_ location: LocationPlace) -> Bool { paths[location.path.lowercased()] == 1 }

    mutating func add(_ site: Site) {
        names.count(site.name.lowercased())
        ids.count(site.id)
        for binding in site.bindings { places.count(Place(binding)) }
    }

    mutating func remove(_ site: Site) {
        names.release(site.name.lowercased())
        ids.release(site.id)
        for binding in site.bindings { places.release(Place(binding)) }
    }

    mutating func add(_ pool: ApplicationPool) {
        pools.change(pool.name.lowercased(), from: Pool(count: 0, isSound: !pool.isQuarantined)) { $0.count += 1 }
    }

    mutating func remove(_ pool: ApplicationPool) {
        let key = pool.name.lowercased()
        guard let known = pools[key] else { return }
        pools[key] = known.count > 1 ? Pool(count: known.count - 1, isSound: known.isSound) : nil
    }

    mutating func add(_ location: LocationPlace) { paths.count(location.path.lowercased()) }

    mutating func remove(_ location: LocationPlace) { paths.release(location.path.lowercased()) }
}

extension LayeredTable where Value == Int {
    /// One more.
    fileprivate mutating func count(_ key: Key) { change(key, from: 0) { $0 += 1 } }

    /// One less; the last one takes the key along.
    fileprivate mutating func release(_ key: Key) {
        guard let count = self[key] else { return }
        self[key] = count > 1 ? count - 1 : nil
    }
}
