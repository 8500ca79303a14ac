import Configuration
import Operations
import Testing

@Suite struct SectionValueTests {
    private func section(_ text: String, _ name: String) throws -> Element {
        try ServerConfiguration(bytes: Array(text.utf8), path: "/c/applicationHost.config").section(name)
    }

    private let documents = """
        <configuration>
        <system.webServer>
        <defaultDocument enabled="false">
        <files><clear/><add value="it's.html"/></files>
        </defaultDocument>
        </system.webServer>
        </configuration>
        """

    @Test func eachValueIsToldWithTheLineThatSaysIt() throws {
        let values = SectionValue.all(in: try section(documents, "system.webServer/defaultDocument"))
        #expect(values.map(\.name) == ["enabled", "files.[value='it''s.html'].value"])
        #expect(values.map(\.value) == ["false", "it's.html"])
        #expect(values.map(\.source.line) == [3, 4])
        #expect(values.allSatisfy { $0.source.file == "/c/applicationHost.config" })
    }

    @Test func whatIsToldIsASelectorOfTheSame() throws {
        let element = try section(documents, "system.webServer/defaultDocument")
        for value in SectionValue.all(in: element) {
            #expect(try SectionValue.at(ElementSelector(value.name), in: element) == [value])
        }
    }

    @Test func namesAreMeantInAnyCaseOfLetters() throws {
        let element = try section(documents, "system.webServer/defaultDocument")
        #expect(try SectionValue.at(ElementSelector("ENABLED"), in: element).map(\.name) == ["enabled"])
        #expect(try SectionValue.at(ElementSelector("Files"), in: element).map(\.value) == ["it's.html"])
    }

    @Test func whatIsNotThereIsRefused() throws {
        let element = try section(documents, "system.webServer/defaultDocument")
        #expect(throws: OperationError.unknownAttribute("nothing")) {
            try SectionValue.at(ElementSelector("nothing"), in: element)
        }
        #expect(throws: OperationError.noSuchItem) {
            try SectionValue.at(ElementSelector("files.[value='x']"), in: element)
        }
    }

    @Test func secretsAreCovered() throws {
        let text = """
            <configuration><system.webServer><security><authentication>
            <anonymousAuthentication userName="u" password="secret-word"/>
            </authentication></security></system.webServer></configuration>
            """
        let element = try section(text, "system.webServer/security/authentication/anonymousAuthentication")
        let values = SectionValue.all(in: element)
        #expect(values.contains { $0.name == "password" && $0.value == SecretAttributes.cover })
        #expect(!values.contains { $0.value.contains("secret-word") })
    }
}
