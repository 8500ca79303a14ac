internal import Configuration
public import HostModel
internal import Platform

/// What an import would do, found out before anything is done.
public struct ImportPlan: Sendable {
    /// A file that is written: what it holds now, nil for none, and what it is to hold.
    public struct File: Equatable, Sendable {
        public let path: String
        public let old: [UInt8]?
        public let new: [UInt8]
        public let isServerFile: Bool
    }

    /// Those that change.
    public let files: [File]
    /// The configuration as it is, and as it would be.
    public let before: HostModel
    public let after: HostModel
    /// For people: what is not as the export says, and what stays to be decided.
    public let notes: [String]
    /// Values that nobody here can open; they are kept as they are.
    public let unopened: [SecretValue]
    /// Whether it takes the place of everything that was there.
    public let isWhole: Bool
    /// What goes into the folders of the sites; nil for an export without content.
    public internal(set) var content: ContentPlacement?

    /// The whole configuration of an export.
    ///
    /// - Parameters:
    ///   - ring: the keys as they are after the import.
    ///   - isKnownUser: whether this machine has a user of that name.
    public static func server(
        _ export: ReceivedExport, ring: KeyRing?, into instance: ImportTarget,
        isKnownUser: (String) throws -> Bool
    ) throws -> ImportPlan {
        let path = instance.configurationPath
        guard let bytes = export.bytes("applicationHost.config") else {
            throw TransferError("the export holds no applicationHost.config")
        }
        let next = try instance.configuration(bytes)
        var files = [File(path: path, old: instance.bytes, new: bytes, isServerFile: true)]
        if let administration = export.bytes("administration.config") {
            _ = try Document(bytes: administration, path: "\(export.folder)/administration.config")
            files.append(
                File(
                    path: instance.administrationPath, old: instance.administrationBytes, new: administration,
                    isServerFile: false))
        }
        return try ImportPlan(
            files, export.folder, from: instance.current, to: next, notes: [], isPart: false, ring: ring,
            isKnownUser: isKnownUser)
    }

    init(
        _ files: [File], _ folder: String, from current: ServerConfiguration?, to next: ServerConfiguration,
        notes: [String], isPart: Bool, allowsUnknownSections: Bool = false, ring: KeyRing?,
        isKnownUser: (String) throws -> Bool
    ) throws {
        after = HostModel.build(next)
        let empty = try ServerConfiguration(
            bytes: Array("<configuration/>".utf8), path: next.file.document.path)
        before = HostModel.build(current ?? empty)
        // What is wrong here already is not the import's fault.
        var known: Set<String> = []
        if isPart, let current { known = Set(try Self.objections(to: current, before, isKnownUser: isKnownUser)) }
        if allowsUnknownSections { known.formUnion(Self.unknownSections(in: next)) }
        let objections = try Self.objections(to: next, after, isKnownUser: isKnownUser).filter { !known.contains($0) }
        guard objections.isEmpty else {
            throw TransferError(
                "\(folder) is not imported and nothing is changed, because of this:\n"
                    + objections.map { "  \($0)\n" }.joined())
        }
        self.files = files.filter { $0.old != $0.new }
        self.notes = notes
        isWhole = !isPart
        unopened = SecretValue.all(in: next).filter { value in
            value.encrypted != nil && (try? value.open(with: ring)) == nil
        }
        let own = unopened.filter { $0.encrypted?.provider == HostelryAesProvider.name }
        guard own.isEmpty else {
            throw TransferError(
                "\(folder) is not imported and nothing is changed: no key opens these values; export it with the keys "
                    + "they were encrypted with, or write them in clear text first\n"
                    + own.map { "  \($0.place)\n" }.joined())
        }
    }

    /// Whether there is anything to do.
    public var isEmpty: Bool { files.isEmpty && content?.isEmpty != false }

    /// The folders of files that are made, as far as they are not there.
    public var missingFolders: [String] {
        // An absolute path has a slash.
        let made = files.filter { $0.old == nil }.map(\.path)
        let folders = made.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
        return Set(folders).filter { !$0.isEmpty && FilePath.resolved($0) == nil }.sorted()
    }

    /// What changes, object by object.
    public var differences: [ObjectDifference] { ModelDifferences.all(from: before, to: after) }

    /// The pools whose workers are replaced.
    public var recycledPools: [String] {
        before.changes(to: after).compactMap { change in
            if case .poolChanged(_, let pool, recycles: true) = change { return pool.name }
            return nil
        }
    }

    /// Everything that stands against it: each says what to do.
    private static func objections(
        to next: ServerConfiguration, _ model: HostModel, isKnownUser: (String) throws -> Bool
    ) throws -> [String] {
        var found = next.problems().map(\.text)
        found += unknownSections(in: next)
        for site in model.sites where site.isQuarantined {
            found.append("site \"\(site.name)\" would not be served: \(reasons(site.quarantine))")
        }
        for site in model.sites where !site.isQuarantined {
            for application in site.applications where !application.quarantine.isEmpty {
                found.append(
                    "application \"\(site.name)\(application.path)\" would not be served: "
                        + reasons(application.quarantine))
            }
        }
        for pool in model.pools {
            if pool.isQuarantined {
                found.append("pool \"\(pool.name)\" would not run: \(reasons(pool.quarantine))")
            } else if pool.processModel.identity == .specificUser, !pool.processModel.userName.isEmpty,
                !(try isKnownUser(pool.processModel.userName))
            {
                found.append(
                    "pool \"\(pool.name)\" is to run as \"\(pool.processModel.userName)\", and this machine has no such "
                        + "user; make one, or give the pool another identity before it is exported")
            }
        }
        return found.sorted()
    }

    private static func unknownSections(in next: ServerConfiguration) -> [String] {
        Set(next.file.occurrences.map(\.section)).filter { next.schema.section($0) == nil }.map { section in
            "no schema describes the section '\(section)'; put the schema file that does into the folder 'schema' "
                + "beside the configuration first"
        }
    }

    private static func reasons(_ problems: [Problem]) -> String {
        problems.map(\.message).joined(separator: "; ")
    }
}
