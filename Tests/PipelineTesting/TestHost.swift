import Configuration
import HostModel
public import Pipeline
import Synchronization
public import Wire

/// One site in one pool with a pipeline of the given modules, served out of a folder.
public final class TestHost {
    public let folder: TestFolder
    /// One line for each thing that the pipeline said has no effect.
    public var reports: [String] { journal.lines }
    public private(set) var resolver: PathResolver
    private let makeResolver: ([ModuleDefinition]) -> PathResolver
    /// Milliseconds; the configuration is looked at again when it moves on.
    public var now: UInt64 {
        get { clock.nanoseconds / 1_000_000 }
        set { clock.nanoseconds = newValue * 1_000_000 }
    }
    private let pipeline: RequestPipeline
    private let journal = Journal()
    private let clock = FakeClock()

    /// - Parameters:
    ///   - services: what the pipeline looks at disks with; nil where it does so itself.
    ///   - server: elements of applicationHost.config besides the site and the pool.
    ///   - site: elements of the site besides.
    ///   - applications: of the site, besides its root; `FOLDER` stands for the test's folder.
    public init(
        _ definitions: [ModuleDefinition], server: String = "", site: String = "", applications: String = "",
        traits: WorkerTraits = WorkerTraits(), keeper: (any CacheKeeper)? = nil,
        services: (any ModuleServices)? = nil
    ) throws {
        folder = try TestFolder()
        folder.makeFolder("www")
        let text = """
            <configuration>
              <system.applicationHost>
                <applicationPools><add name="Pool"/></applicationPools>
                <sites>
                  <site name="Site" id="1">
                    \(site)
                    <application path="/" applicationPool="Pool">
                      <virtualDirectory path="/" physicalPath="\(folder.path)/www"/>
                    </application>
                    \(applications.replacing("FOLDER", with: folder.path))
                    <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
                  </site>
                </sites>
              </system.applicationHost>
              \(server)
            </configuration>
            """
        let configuration = try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config")
        let model = HostModel.build(configuration)
        let clock = clock
        let journal = journal
        makeResolver = { definitions in
            let system = ConfigurationSystem(
                server: configuration, recheckInterval: .milliseconds(Int(PathResolver.recheckInterval)),
                clock: { clock.nanoseconds }, layout: model.layouts())
            return PathResolver(model: model, system: system, definitions: definitions, traits: traits) {
                journal.lines.append($0)
            }
        }
        resolver = makeResolver(definitions)
        pipeline = RequestPipeline(resolver: resolver, keeper: keeper, services: services) {
            clock.nanoseconds / 1_000_000
        }
    }

    public func send(_ request: TestRequest) throws -> RecordingSink {
        let sink = RecordingSink()
        _ = try begin(request, sink)
        return sink
    }

    public func begin(_ request: TestRequest, _ sink: RecordingSink) throws -> RequestContext? {
        pipeline.begin(try request.head(), sink)
    }

    /// With a head and a sink of the caller's own, used again and again.
    public func begin(_ head: RequestHead, _ sink: any ResponseSink) -> RequestContext? { pipeline.begin(head, sink) }

    public func get(_ target: String, path: String? = nil, headers: [(String, String)] = []) throws -> RecordingSink {
        var request = TestRequest(target, path: path)
        request.headers += headers
        return try send(request)
    }

    /// Serves from another version of the configuration, which says the same.
    public func useNextVersion(_ definitions: [ModuleDefinition]) {
        resolver = makeResolver(definitions)
        pipeline.use(resolver)
    }

    /// The worker takes no new requests.
    public func stopListening() { pipeline.stopListening() }

    /// The worker ends.
    public func stop() { pipeline.stop() }

    /// Lets a change of a configuration file be seen.
    public func waitForRecheck() { now += PathResolver.recheckInterval }
}

/// Lines in the order of their coming.
private final class Journal {
    var lines: [String] = []
}

/// Nanoseconds that pass when a test says so.
final class FakeClock: Sendable {
    private let value = Atomic<UInt64>(0)

    var nanoseconds: UInt64 {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}
