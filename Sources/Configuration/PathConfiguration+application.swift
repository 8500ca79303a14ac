public import Platform

extension PathConfiguration {
    /// The configuration of the application's root that this place belongs to; the server's own above all sites.
    public var applicationRoot: PathConfiguration {
        var place = self
        while !place.isApplicationRoot, let parent = place.parent { place = parent }
        return place
    }

    /// The state of each web.config that is read for this place, outermost first; nil for one that is not there. Who
    /// touches a file changes it, whatever it says.
    public var fileStamps: [FileStamp?] {
        (parent?.fileStamps ?? []) + (webConfig.map { [$0.stamp] } ?? [])
    }
}
