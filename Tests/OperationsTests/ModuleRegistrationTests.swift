import Configuration
import Operations
import Testing

@Suite struct ModuleRegistrationTests {
    private static let bare = """
        <configuration>
            <configSections>
                <sectionGroup name="system.webServer">
                    <section name="globalModules" allowDefinition="AppHostOnly" overrideModeDefault="Deny"/>
                    <section name="handlers"/>
                    <section name="modules"/>
                </sectionGroup>
            </configSections>
            <system.webServer>
                <globalModules>
                    <add name="StaticFileModule"/>
                </globalModules>
                <handlers/>
            </system.webServer>
            <location path="" overrideMode="Allow">
                <system.webServer>
                    <modules>
                        <add name="StaticFileModule"/>
                    </modules>
                </system.webServer>
            </location>
        </configuration>

        """

    private func server(_ text: String) throws -> ServerConfiguration {
        try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config")
    }

    private func text(of file: DraftFile) throws -> String {
        String(decoding: try file.applied().stored, as: UTF8.self)
    }

    @Test func whatIsMissingIsAddedWhereItsLikeStandsAndNoHandler() throws {
        let registration = ModuleRegistration.aspNetCore
        let server = try server(Self.bare)
        #expect(registration.missing(in: server) == [.section, .globalModule, .module])
        let file = DraftFile(server.file.document)
        registration.add(registration.missing(in: server), to: file)
        let text = try text(of: file)
        #expect(
            text.split(separator: "\n").filter { !Self.bare.contains($0) }.map { $0.drop { $0 == " " } } == [
                "<section name=\"aspNetCore\" overrideModeDefault=\"Allow\" />", "<add name=\"AspNetCoreModuleV2\" />",
                "<add name=\"AspNetCoreModuleV2\" />",
            ])
        #expect(text.contains("<handlers/>"))
        let changed = try self.server(text)
        #expect(changed.problems().isEmpty)
        #expect(registration.missing(in: changed).isEmpty)

        let again = DraftFile(changed.file.document)
        #expect(registration.remove(from: again) == [.section, .globalModule, .module])
        #expect(registration.missing(in: try self.server(try self.text(of: again))).count == 3)
    }

    @Test func aFileWithoutDeclarationsHasAllOfItBeneath() throws {
        let server = try server("<configuration/>")
        #expect(ModuleRegistration.aspNetCore.missing(in: server).isEmpty)
        #expect(ModuleRegistration.aspNetCore.remove(from: DraftFile(server.file.document)).isEmpty)
    }
}
