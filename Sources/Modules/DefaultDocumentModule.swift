import Configuration
import Pipeline
import Platform
import Wire

/// Serves a folder's default document: the first name of the list that is a file there.
///
/// Section: `system.webServer/defaultDocument`. Stage: as part of the handler that takes folders. The document is a
/// child request, so its own handler, filters and settings decide. A folder's URL without a slash at its end is
/// redirected to the one with it, whatever the section says, since relative links need it.
final class DefaultDocumentModule: Module {
    static let section = "system.webServer/defaultDocument"

    static var definition: ModuleDefinition {
        ModuleDefinition(name: "DefaultDocumentModule", sections: [section]) {
            configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            let names = section.element("files").items.map { $0.string("value") }
            return DefaultDocumentModule(section.bool("enabled") ? names : [])
        }
    }

    private let names: [[UInt8]]

    /// - Parameter names: relative to the folder, in the order in which they are tried. One that leads out of it is none.
    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8.drop { $0 == 0x2F }) }.filter { name in
            !name.isEmpty && name.split(separator: 0x2F).allSatisfy { $0 != [0x2E] && $0 != [0x2E, 0x2E] }
        }
    }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.file?.kind == .directory, request.resolution.physicalPath != nil else { return .continue }
        let path = request.resolution.path
        guard path.last == 0x2F else { return redirect(request, to: path + [0x2F]) }
        for name in names {
            guard let file = request.resolution.place(of: name),
                (try? FileInformation.of(file))?.kind == .regular
            else { continue }
            return request.execute(path: path + name)
        }
        return .continue
    }

    /// The address is made from the cooked path: it begins with one slash, so it never names another server.
    private func redirect(_ request: RequestContext, to path: [UInt8]) -> NotificationStatus {
        var location = PercentEncoding.encode(path: path)
        if request.head.query.count > 0 {
            location.append(0x3F)
            location.append(copying: request.head.query)
        }
        return request.redirect(to: location, status: 301)
    }
}
