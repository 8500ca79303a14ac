import EventLoop
import Pipeline
import Platform
import Wire

/// Watches the files and the configuration behind responses that the router keeps, and tells it when they hold no
/// longer.
///
/// It looks at each file and each folder's configuration every 30 ms, as a request would: by path, through whatever
/// links lead there. No notification of the kernel tells of all that changes what a path names (a link that is
/// exchanged above the site, a mapped file, a file server), and their number is small for an ordinary user. The
/// looking ends with the marks, which have a short life: a file that is not asked for often is not looked at.
final class CacheWatch: CacheKeeper {
    /// Unit: nanoseconds. With the age that knowledge of a web.config may have, a change is seen within 100 ms.
    private static let period: UInt64 = 30_000_000
    private static let maximumFiles = 512
    private static let maximumFolders = 64

    private struct File {
        let token: UInt64
        let stamp: FileStamp
        /// By the loop's clock.
        let expiresAt: UInt64
        let folder: Folder
    }

    /// Where a configuration holds.
    private struct Folder: Hashable {
        let site: String
        let path: ArraySlice<UInt8>
    }

    private let loop: EventLoop
    private let links: () -> [WorkerLink]
    /// How many links have a flush on their way, and what waits for it.
    private var untold = 0
    private var waiting: [() -> Void] = []
    private var files: [SystemPath: File] = [:]
    /// The resolution of one file of each folder, which stands for all, and how many files there are.
    private var folders: [Folder: (resolution: Resolution, count: Int)] = [:]
    private var lastToken: UInt64 = 0
    private let timer = Timer()
    /// What the resolutions come from.
    private var resolver: PathResolver?

    /// - Parameter links: every link of the worker: one for each of the router's loops.
    init(_ loop: EventLoop, links: @escaping () -> [WorkerLink]) {
        self.loop = loop
        self.links = links
    }

    /// Another version of the configuration holds: nothing of the old one is kept.
    func use(_ resolver: PathResolver?) {
        flushAll()
        self.resolver = resolver
        resolver?.globals.subscribe(
            GlobalSubscription(.configurationChange) { [weak self] _ in
                // A changed configuration may be any part of the chain, so it ends all marks.
                self?.flushAll()
            })
    }

    func saw(_ path: SystemPath, _ stamp: FileStamp?) {
        guard !files.isEmpty, let known = files[path], known.stamp != stamp else { return }
        changed(path, known)
    }

    func mark(_ response: CacheableResponse) -> CacheMark? {
        guard resolver != nil else { return nil }
        if let known = files[response.path] {
            let left = known.expiresAt > loop.now ? (known.expiresAt - loop.now) / 1_000_000_000 : 0
            guard known.stamp == response.stamp, left > 0 else { return nil }
            return CacheMark(token: known.token, seconds: min(response.seconds, UInt32(left)))
        }
        // Looking every 30 ms at what may never answer would stop everything else.
        guard !response.resolution.isRemote else { return nil }
        let path = response.resolution.path
        let folder = Folder(site: response.resolution.siteName, path: path[...(path.lastIndex(of: 0x2F) ?? 0)])
        guard files.count < Self.maximumFiles, folders.count < Self.maximumFolders || folders[folder] != nil else {
            return nil
        }
        if files.isEmpty { loop.start(timer, after: Self.period, self) }
        lastToken += 1
        files[response.path] = File(
            token: lastToken, stamp: response.stamp,
            expiresAt: loop.now + UInt64(response.seconds) * 1_000_000_000, folder: folder)
        folders[folder, default: (response.resolution, 0)].count += 1
        return CacheMark(token: lastToken, seconds: response.seconds)
    }

    var hasTold: Bool { untold == 0 }

    func whenTold(_ answer: @escaping () -> Void) { if hasTold { answer() } else { waiting.append(answer) } }

    /// Says `flush` on every link. A link keeps the order of flush and answer; of several, each must have heard it.
    private func tell(_ token: UInt64) {
        let links = links()
        for link in links {
            link.flush(token)
            guard links.count > 1 else { continue }
            untold += 1
            link.confirm { [self] in told() }
        }
    }

    private func told() {
        untold -= 1
        guard untold == 0 else { return }
        let answers = waiting
        waiting = []
        for answer in answers { answer() }
    }

    private func flush(_ path: SystemPath, _ file: File) {
        files[path] = nil
        folders[file.folder]?.count -= 1
        if folders[file.folder]?.count == 0 { folders[file.folder] = nil }
        tell(file.token)
    }

    private func flushAll() {
        guard !files.isEmpty else { return }
        files = [:]
        folders = [:]
        tell(0)
    }

    private func changed(_ path: SystemPath, _ file: File) {
        flush(path, file)
        resolver?.globals.raise(.fileChange(path))
    }

    /// Looks at everything.
    private func look() {
        guard let resolver else { return }
        let milliseconds = loop.now / 1_000_000
        let stale = folders.values.first { !resolver.isCurrent($0.resolution, now: milliseconds) }
        if let stale {
            resolver.tellOfChange(stale.resolution)
            return flushAll()
        }
        for (path, file) in files {
            if (try? FileInformation.of(path))?.stamp != file.stamp {
                changed(path, file)
            } else if file.expiresAt <= loop.now {
                flush(path, file)
            }
        }
    }
}

extension CacheWatch: TimerHandler {
    func timerFired(_ timer: Timer) {
        look()
        if !files.isEmpty { loop.start(timer, after: Self.period, self) }
    }
}
