internal import Administration
public import HostModel
internal import Platform

/// Where a site's access log lies.
public struct LogPlace: Equatable, Sendable {
    /// With the files of the log.
    public let folder: String
    /// In a log of all sites, what the lines of this one have in `s-sitename`; nil where the log is its own.
    public let siteMark: String?

    /// Why a site has no log, and what to type.
    public struct Absence: Error, Equatable, Sendable {
        public let reason: String
        public let command: String
    }

    public init(of site: Site, in model: HostModel, stateFolder: String) throws(Absence) {
        try self.init(
            site: site.name, id: site.id, isWritten: (model.centralLog ?? site.log).isWritten,
            directory: (model.centralLog ?? site.log).folder ?? "\(stateFolder)/logs",
            isCentral: model.centralLog != nil,
            isEnabled: (model.centralLog ?? site.log).enabled)
    }

    init(
        site: String, id: UInt32, isWritten: Bool, directory: String, isCentral: Bool, isEnabled: Bool
    ) throws(Absence) {
        guard isWritten else {
            if isCentral {
                throw Absence(
                    reason: "the log of all sites (centralW3CLogFile) is off, and takes the place of the site's own",
                    command: "hostelry config set / system.applicationHost/log centralW3CLogFile.enabled=true")
            }
            let setting = isEnabled ? "logFile.logTargetW3C=File" : "logFile.enabled=true"
            throw Absence(
                reason: isEnabled
                    ? "the access log of the site \"\(site)\" is not written to files (logTargetW3C)"
                    : "the access log of the site \"\(site)\" is off",
                command: "hostelry site set \(ShellWord.quoted(site)) \(setting)")
        }
        folder = isCentral ? "\(directory)/W3SVC" : "\(directory)/W3SVC\(id)"
        siteMark = isCentral ? "W3SVC\(id)" : nil
    }
}
