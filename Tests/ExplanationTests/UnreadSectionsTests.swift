import Configuration
import Modules
import PipelineTesting
import Testing

@testable import HostModel
@testable import Pipeline

/// What is parsed and does nothing is told, never passed over in silence.
struct UnreadSectionsTests {
    @Test
    func everySectionIsReadBySomebodyOrHasAWarning() throws {
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "applicationHost.config")
        let read = PathSettings.sectionNames(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        // Names for traceFailedRequests, which is told of.
        let told = InertSettings.rules.map(\.section) + ["system.webServer/tracing/traceProviderDefinitions"]
        let silent = server.schema.sections.keys.sorted().filter { name in
            name.hasPrefix("system.webServer/") && !name.hasPrefix("system.webServer/management/")
                && !read.contains(name) && !told.contains(name)
        }
        #expect(silent.isEmpty)
    }

    @Test
    func noSectionIsCalledUnreadThatAModuleReads() {
        let read = Set(BuiltInModules.definitions(files: FileCache(), services: TestServices()).flatMap(\.sections))
        for unread in InertSettings.unreadSections { #expect(!read.contains("system.webServer/\(unread.name)")) }
    }
}
