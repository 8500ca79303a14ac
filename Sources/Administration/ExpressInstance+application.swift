import Configuration

/// What a folder without a web.config needs to run the application that it holds.
extension ExpressInstance {
    /// Another handler than that of a web.config, which may be written meanwhile.
    private static let handler = "PublishedApplication"

    /// By which a web.config names a program that is started.
    public static let programSections = ["system.webServer/aspNetCore", "system.webServer/httpPlatform"]

    static func extended(
        _ configuration: [UInt8], running application: PublishedWebConfig?,
        environment: [(name: String, value: String)], startsPrograms: Bool = true
    ) throws(ConfigurationError) -> [UInt8] {
        let document = try Document(bytes: configuration, path: "applicationHost.config")
        var edit = DocumentEdit(document)
        let hosting = document.root.child("system.applicationHost")
        if !environment.isEmpty, let pool = hosting?.child("applicationPools")?.child("add") {
            let variables = environment.map {
                NewElement("add", attributes: [("name", $0.name), ("value", $0.value)])
            }
            edit.insert([NewElement("environmentVariables", children: variables)], in: pool)
        }
        if let application {
            let location = NewElement(
                "location", attributes: [("path", siteName), ("inheritInChildApplications", "false")],
                children: [NewElement("system.webServer", children: application.sections(handler: handler))])
            edit.insert([location], in: document.root, after: hosting)
        }
        if !startsPrograms {
            let sections = programSections.map { NewElement(String($0.split(separator: "/")[1])) }
            let location = NewElement(
                "location", attributes: [("path", siteName), ("overrideMode", "Deny")],
                children: [NewElement("system.webServer", children: sections)])
            edit.insert([location], in: document.root, after: hosting)
        }
        return try edit.applied().stored
    }
}
