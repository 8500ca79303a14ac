internal import Configuration
internal import HostModel

/// The differences of two models, as people read them.
enum ModelDifferences {
    static func all(from old: HostModel, to new: HostModel) -> [ObjectDifference] {
        old.changes(to: new).flatMap { change -> [ObjectDifference] in
            switch change {
            case .siteAdded(let site): [ObjectDifference(.site, site.name, old: nil, new: bindings(of: site))]
            case .siteRemoved(let site): [ObjectDifference(.site, site.name, old: bindings(of: site), new: nil)]
            case .siteChanged(let old, let new, let aspects): differences(old, new, aspects)
            case .poolAdded(let pool):
                [ObjectDifference(.pool, pool.name, old: nil, new: pool.processModel.identity.rawValue)]
            case .poolRemoved(let pool):
                [ObjectDifference(.pool, pool.name, old: pool.processModel.identity.rawValue, new: nil)]
            case .poolChanged(let old, let new, _): fields(of: .pool, new.name, old, new)
            case .limitsChanged(let limits): fields(of: .server, "", old.limits, limits, in: "webLimits")
            case .serverSettingsChanged: [ObjectDifference(.server, "", "sections", old: "", new: "")]
            }
        }
    }

    private static func bindings(of site: Site) -> String { site.bindings.map(\.text).joined(separator: ", ") }

    private static func differences(_ old: Site, _ new: Site, _ aspects: SiteAspects) -> [ObjectDifference] {
        var all: [ObjectDifference] = []
        func add(_ aspect: String, _ old: String?, _ new: String?) {
            if old != new { all.append(ObjectDifference(.site, newName, aspect, old: old, new: new)) }
        }
        let newName = new.name
        if aspects.contains(.name) { add("name", old.name, new.name) }
        if aspects.contains(.bindings) {
            let (before, after) = (old.bindings.map(\.text), new.bindings.map(\.text))
            for text in before where !after.contains(text) { add("binding", text, nil) }
            for text in after where !before.contains(text) { add("binding", nil, text) }
        }
        if aspects.contains(.routes) {
            for (aspect, values) in paired(routes(of: old), routes(of: new)) where values.0 != values.1 {
                let shown = (FieldTexts.shown(values.0, of: aspect), FieldTexts.shown(values.1, of: aspect))
                all.append(ObjectDifference(.site, newName, aspect, old: shown.0, new: shown.1))
            }
        }
        if aspects.contains(.limits) { all += fields(of: .site, newName, old.limits, new.limits, in: "limits") }
        if aspects.contains(.log) { all += fields(of: .site, newName, old.log, new.log, in: "logFile") }
        if aspects.contains(.tracing) {
            all += fields(of: .site, newName, old.tracing, new.tracing, in: "traceFailedRequestsLogging")
        }
        if aspects.contains(.transportSecurity) {
            all += fields(of: .site, newName, old.transportSecurity, new.transportSecurity, in: "hsts")
        }
        add("serverAutoStart", "\(old.serverAutoStart)", "\(new.serverAutoStart)")
        add("state", old.isQuarantined ? "quarantined" : "sound", new.isQuarantined ? "quarantined" : "sound")
        if aspects.contains(.settings) {
            all.append(ObjectDifference(.site, newName, "sections", old: "", new: ""))
        }
        return all
    }

    /// What applications and their folders say, by what it is about, in order.
    private static func routes(of site: Site) -> [(String, String)] {
        site.applications.flatMap { application in
            let name = "application \(application.path)"
            let directories = application.virtualDirectories.flatMap { directory in
                FieldTexts.all(of: directory).map { ("\(name): folder \(directory.path): \($0.0)", $0.1) }
            }
            return FieldTexts.all(of: application).filter { $0.0 != "virtualDirectories" }
                .map { ("\(name): \($0.0)", $0.1) } + directories
        }
    }

    private static func fields<Object>(
        of kind: ObjectDifference.Kind, _ name: String, _ old: Object, _ new: Object, in element: String = ""
    ) -> [ObjectDifference] {
        paired(FieldTexts.all(of: old), FieldTexts.all(of: new)).compactMap { field, values in
            guard values.0 != values.1 else { return nil }
            let aspect = element.isEmpty ? field : "\(element).\(field)"
            let (old, new) = (FieldTexts.shown(values.0, of: field), FieldTexts.shown(values.1, of: field))
            return ObjectDifference(kind, name, aspect, old: old, new: new)
        }
    }

    /// Both values of each key, in the order of the keys.
    private static func paired(
        _ old: [(String, String)], _ new: [(String, String)]
    ) -> [(String, (String?, String?))] {
        let before = Dictionary(old, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new, uniquingKeysWith: { first, _ in first })
        let keys = new.map(\.0) + old.map(\.0).filter { after[$0] == nil }
        return keys.map { ($0, (before[$0], after[$0])) }
    }
}

extension Binding {
    fileprivate var text: String { "\(self.protocol)/\(information)" }
}

/// The fields of a value of the model as texts, found by reflection: what is added to the model shows by itself.
enum FieldTexts {
    /// Where it stands, and what is wrong with it, are nobody's settings.
    private static let ignored: Set = ["line", "quarantine", "warnings", "name"]

    static func all(of value: Any, in prefix: String = "") -> [(String, String)] {
        Mirror(reflecting: value).children.flatMap { child -> [(String, String)] in
            guard let label = child.label, !ignored.contains(label) else { return [] }
            let name = prefix + label
            let nested = Mirror(reflecting: child.value)
            switch child.value {
            case let duration as Duration: return [(name, "\(duration.components.seconds) s")]
            case let text as String: return [(name, text)]
            default: break
            }
            switch nested.displayStyle {
            // What versions share is no level of its own.
            case .class: return nested.children.flatMap { all(of: $0.value, in: prefix) }
            case .struct where !nested.children.isEmpty: return all(of: child.value, in: name + ".")
            default: break
            }
            return [(name, "\(child.value)")]
        }
    }

    /// Secrets are not shown: only whether there is one. Variables often hold some.
    static func shown(_ text: String?, of field: String) -> String? {
        guard let text, field.lowercased().hasSuffix("password") || field.hasSuffix("environmentVariables") else {
            return text
        }
        return text.isEmpty ? "" : SecretAttributes.cover
    }
}

extension ModelDifferences {
    /// Those of two texts of the server's file; none where one of them cannot be read.
    static func between(_ old: [UInt8]?, _ new: [UInt8]?, path: String, state: String) -> [ObjectDifference] {
        guard let old, let new, let before = model(old, path, state), let after = model(new, path, state) else {
            return []
        }
        return all(from: before, to: after)
    }

    private static func model(_ bytes: [UInt8], _ path: String, _ state: String) -> HostModel? {
        let server = try? ServerConfiguration.reading(bytes, as: path, state: state)
        return server.map { HostModel.build($0) }
    }
}

extension ServerConfiguration {
    /// What the server would be with these bytes in its file.
    static func reading(
        _ bytes: [UInt8], as path: String, state: String
    ) throws(ConfigurationError) -> ServerConfiguration {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        return try ServerConfiguration(
            bytes: bytes, path: path, schemaFiles: ServerConfiguration.schemaFiles(in: "\(folder)/schema"),
            variables: ["HOSTELRY_CONFIG_DIR": folder, "HOSTELRY_STATE": state])
    }
}
