import Pipeline
import Platform

/// The worker's memory of error pages. A file is looked at again, on another thread, when what is known of it is older
/// than `lifetime`; those who ask meanwhile wait for the same look.
final class ErrorFiles {
    enum Content: Sendable {
        case page([UInt8])
        case missing
        /// Why there is a file that cannot be used.
        case unusable(String)
    }

    /// The largest page. Unit: bytes.
    static let maximumPage: Int64 = 1 << 20
    /// Unit: milliseconds.
    static let lifetime: UInt64 = 1000
    /// What all that is known may take. Unit: bytes.
    private static let capacity: Int64 = 8 << 20

    private let services: any ModuleServices
    private var known = BoundedTable<ErrorFile.Place, (content: Content, until: UInt64)>()
    private var waiting: [ErrorFile.Place: [() -> Void]] = [:]

    init(_ services: any ModuleServices) { self.services = services }

    /// The first page among `places`; calls `completion` at once where all that matters is known.
    func find(_ places: [ErrorFile.Place], then completion: @escaping (Content) -> Void) {
        var outcome = Content.missing
        for (index, place) in places.enumerated() {
            guard let known = known.find(place), services.now < known.until else {
                return look(Array(places[index...]), before: { [self] in find(places, then: completion) })
            }
            switch known.content {
            case .page: return completion(known.content)
            case .missing: continue
            case .unusable: if case .missing = outcome { outcome = known.content }
            }
        }
        completion(outcome)
    }

    /// Reads up to the first page of `places`, then calls `next`.
    private func look(_ places: [ErrorFile.Place], before next: @escaping () -> Void) {
        let first = places[0]
        guard waiting[first] == nil else { return waiting[first, default: []].append(next) }
        waiting[first] = [next]
        services.perform {
            var found: [(ErrorFile.Place, Content)] = []
            for place in places {
                let content = ErrorFiles.read(place)
                found.append((place, content))
                if case .page = content { break }
            }
            return found
        } then: { [self] found in
            let until = services.now + Self.lifetime
            for (place, content) in found {
                known.insert((content, until), place, cost: content.cost, capacity: Self.capacity)
            }
            for each in waiting.removeValue(forKey: first) ?? [] { each() }
        }
    }

    private static func read(_ place: ErrorFile.Place) -> Content {
        do throws(SystemError) {
            switch place {
            case .beneath(let path, let folder): return try page(FileDescriptor.open(path, beneath: folder))
            case .absolute(let path): return page(path.text)
            }
        } catch {
            return error.reasonClass == .missing ? .missing : .unusable(error.description)
        }
    }

    private static func page(_ path: String) -> Content {
        do throws(FileError) {
            return .page(try FileReader(limit: Int(maximumPage)).read(path).bytes)
        } catch {
            return error.kind == .missing ? .missing : .unusable(error.description)
        }
    }

    private static func page(_ file: borrowing FileDescriptor) throws(SystemError) -> Content {
        let information = try FileInformation.of(file)
        guard information.kind == .regular else { return .unusable("it is no regular file") }
        guard information.stamp.size <= maximumPage else { return .unusable("it is larger than \(maximumPage) bytes") }
        var bytes: [UInt8] = []
        _ = try file.read(Int(information.stamp.size), at: 0, into: &bytes)
        return .page(bytes)
    }
}

extension ErrorFiles.Content {
    /// What it takes in memory, its place included, roughly. Unit: bytes.
    fileprivate var cost: Int64 {
        if case .page(let bytes) = self { return Int64(bytes.count) + 1024 }
        return 1024
    }
}
