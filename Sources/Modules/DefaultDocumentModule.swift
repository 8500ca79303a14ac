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

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        ModuleDefinition(name: "DefaultDocumentModule", sections: [section]) {
            configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            let names = section.element("files").items.map { $0.string("value") }
            return DefaultDocumentModule(section.bool("enabled") ? names : [], services)
        }
    }

    private let names: [[UInt8]]
    private let services: any ModuleServices

    /// - Parameter names: relative to the folder, in the order in which they are tried. One that leads out of it is none.
    init(_ names: [String], _ services: any ModuleServices) {
        self.services = services
        self.names = names.map { Array($0.utf8.drop { $0 == 0x2F }) }.filter { name in
            !name.isEmpty && name.split(separator: 0x2F).allSatisfy { $0 != [0x2E] && $0 != [0x2E, 0x2E] }
        }
    }

    var treatsEveryoneAlike: Bool { true }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard request.file?.kind == .directory, let places = request.resolution.places else { return .continue }
        let path = request.resolution.path
        guard path.last == 0x2F else { return redirect(request, to: path + [0x2F]) }
        guard mustWait(for: places, request) else { return execute(Self.first(of: names, in: places), request) }
        var isWaiting = false
        var found: Int??
        services.perform { [names] in
            Self.first(of: names, in: places)
        } then: { [self] (first: Int?) in
            found = first
            if isWaiting { request.resume(execute(first, request)) }
        }
        if let found { return execute(found, request) }
        isWaiting = true
        return .pending
    }

    /// Whether looking for the documents may wait. Who asks for the folder again and again has them in memory.
    private func mustWait(for places: FolderPlaces, _ request: RequestContext) -> Bool {
        if request.resolution.isRemote { return true }
        guard request.isFirstLook else { return false }
        return places.mustLook
            || !names.allSatisfy { places.place(of: $0).map { FileInformation.isAtHand($0) } ?? true }
    }

    /// Lets the document answer; nil for none.
    private func execute(_ number: Int?, _ request: RequestContext) -> NotificationStatus {
        number.map { request.execute(path: request.resolution.path + names[$0]) } ?? .continue
    }

    private static func first(of names: [[UInt8]], in places: FolderPlaces) -> Int? {
        names.firstIndex { places.place(of: $0).flatMap { try? FileInformation.of($0) }?.kind == .regular }
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
