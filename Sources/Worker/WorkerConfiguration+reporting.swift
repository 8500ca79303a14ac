import Configuration
import HostModel
import Wire

extension WorkerConfiguration {
    /// Where what was read stands; nil where the file belongs to no application of the pool, or to a folder that is not
    /// the place's any more.
    func place(of reading: WebConfigReading) -> (site: Site, place: WebConfigPlace)? {
        guard let name = reading.path.site?.lowercased(), let site = sites[name], let pool,
            let place = site.webConfigPlace(at: reading.path.urlPath, in: pool),
            reading.folder == nil || reading.folder == place.folder
        else { return nil }
        return (site, place)
    }

    /// What the master is told of a reading; nil where it has no place.
    func report(_ reading: WebConfigReading) -> WebConfigReport? {
        guard let (site, place) = place(of: reading) else { return nil }
        let file = "\(place.folder)/\(reading.fileName ?? "web.config")"
        guard WebConfigLimits.isKept(place.path), WebConfigLimits.isKept(file) else { return nil }
        let report = WebConfigReport(siteID: site.id, path: place.path, file: file, content: content(reading))
        guard !report.isWithinLimits else { return report }
        let problem = WebConfigReport.Problem(line: 0, message: "It holds more than is kept for questions")
        return WebConfigReport(siteID: site.id, path: place.path, file: file, content: .read([], problem: problem))
    }

    private func content(_ reading: WebConfigReading) -> WebConfigReport.Content {
        guard reading.isFound else { return .absent }
        let sections = reading.file.map { WrittenSection.all(in: $0, schema: schema) } ?? []
        let problem = reading.problem.map { error in
            WebConfigReport.Problem(line: UInt32(clamping: error.line), message: WebConfigLimits.kept(error.text))
        }
        return .read(sections.map { WebConfigReport.Section($0) }, problem: problem)
    }
}

extension WebConfigReport {
    fileprivate var isWithinLimits: Bool {
        guard case .read(let sections, _) = content else { return true }
        return size <= Self.maximumSize && sections.count <= WebConfigLimits.sections
            && sections.allSatisfy { WebConfigLimits.isKept($0.location) && WebConfigLimits.isKept($0.name) }
    }
}

extension WebConfigReport.Section {
    fileprivate init(_ section: WrittenSection) {
        self.init(
            location: section.path, name: section.section, fragment: section.fragment,
            overrideMode: .init(section.overrideMode), inherits: section.inherits,
            line: UInt32(clamping: section.line.number + 1))
    }
}

extension WebConfigReport.OverrideMode {
    fileprivate init(_ mode: Configuration.OverrideMode) {
        switch mode {
        case .inherit: self = .inherit
        case .allow: self = .allow
        case .deny: self = .deny
        }
    }
}
