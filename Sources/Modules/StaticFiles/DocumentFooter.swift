import Configuration
import HTTP1
import Pipeline
import Platform
import Wire

/// What is appended to static HTML files.
///
/// Section: `system.webServer/staticContent` (`enableDocFooter`, `defaultDocFooter`, `isDocFooterFileName`): a text, or
/// the absolute path of a file, read as the pool's user and anew when it changes. Where it cannot be read, pages go
/// without it and the administrator is told once.
final class DocumentFooter {
    /// What is appended now.
    struct Text {
        let bytes: [UInt8]
        /// Tells it from every other footer; part of entity tags.
        let state: String
        /// The last change; nil where nobody knows. Unit: seconds since 1970.
        let modified: Int64?
    }

    private enum Source {
        case text(Text)
        case file(SystemPath)
    }

    private let source: Source
    private let files: FileCache
    private let services: any ModuleServices
    private var hasReported = false

    /// Nil where nothing is appended.
    init?(_ section: Element, _ files: FileCache, _ services: any ModuleServices) throws(ConfigurationError) {
        let text = section.string("defaultDocFooter")
        guard section.bool("enableDocFooter"), !text.isEmpty else { return nil }
        if section.bool("isDocFooterFileName") {
            guard text.utf8.first == 0x2F, let path = SystemPath(Array(text.utf8)) else {
                throw section.invalid("defaultDocFooter")
            }
            source = .file(path)
        } else {
            let bytes = Array(text.utf8)
            source = .text(Text(bytes: bytes, state: Self.digest(bytes), modified: nil))
        }
        self.files = files
        self.services = services
    }

    /// Whether files of the type get it.
    func concerns(_ type: [UInt8]) -> Bool {
        let html = Array("text/html".utf8)
        guard type.count >= html.count, type.span.extracting(first: html.count).equalsIgnoringCase(html.span) else {
            return false
        }
        return type.count == html.count || [0x3B, 0x20].contains(type[html.count])
    }

    enum Finding {
        /// Nil where it cannot be read.
        case ready(Text?)
        /// `whenRead` gets it, and only then.
        case waiting
    }

    func find(whenRead: @escaping (Text?) -> Void) -> Finding {
        switch source {
        case .text(let text): return .ready(text)
        case .file(let path):
            do throws(SystemError) {
                let seen = try FileInformation.of(path)
                if let known = files.known(path, seen.stamp) { return .ready(text(known, path)) }
                guard let root = SystemPath([0x2F]), let relative = SystemPath(path.bytes.drop { $0 == 0x2F }) else {
                    return .ready(nil)
                }
                let place = FilePlace(relative, beneath: root, seen.stamp)
                let file = try files.file(path, place, services) { [self] outcome in
                    whenRead((try? outcome.get()).flatMap { text($0, path) } ?? report(path))
                }
                return file.map { .ready(text($0, path)) } ?? .waiting
            } catch {
                return .ready(report(path))
            }
        }
    }

    private func text(_ file: CachedFile, _ path: SystemPath) -> Text? {
        guard case .memory(let bytes) = file.content else { return report(path) }
        return Text(bytes: bytes, state: EntityTag.state(file.stamp), modified: file.modifiedSeconds)
    }

    private func report(_ path: SystemPath) -> Text? {
        if !hasReported {
            hasReported = true
            services.report("The document footer \(path.text) cannot be read; pages are sent without it")
        }
        return nil
    }

    /// FNV-1a, 64 bits.
    private static func digest(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
