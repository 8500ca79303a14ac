internal import Configuration

/// What the server's file says beyond sites and pools, as text, by the site it is about.
///
/// Two versions with the same text for a site have the same effective settings there, as far as the server's file goes.
enum LocationTexts {
    private static let modelled: Set<String> = [
        "system.applicationHost/sites", "system.applicationHost/applicationPools", "system.applicationHost/webLimits",
    ]

    static func bySite(_ file: ConfigurationFile) -> [String: String] {
        var texts: [String: String] = [:]
        // What sections there are and whether they are locked holds for every site.
        if file.declaresSections, let declared = file.document.root.child("configSections") {
            texts[""] = declared.text + "\n"
        }
        for occurrence in file.occurrences where !modelled.contains(occurrence.section) {
            let location = occurrence.location
            let path = location.path == "." ? "" : location.path ?? ""
            let site = path.split(separator: "/").first.map { $0.lowercased() } ?? ""
            let place = "\(path.lowercased())|\(location.overrideMode)|\(location.inheritsInChildApplications)|"
            texts[site, default: ""] += place + occurrence.element.text + "\n"
        }
        return texts
    }
}
