import Configuration
import Operations
import Testing

@Suite struct RenamingTests {
    private static let hosts = """
        <configuration>
            <system.applicationHost>
                <applicationPools>
                    <add name="Old"/>
                    <add name="Other"/>
                </applicationPools>
                <sites>
                    <site name="Blog" id="1">
                        <application path="/" applicationPool="old"/>
                        <application path="/shop" applicationPool="Other"/>
                        <applicationDefaults applicationPool="Old"/>
                    </site>
                    <site name="Blogs" id="2">
                        <application path="/" applicationPool="Old"/>
                    </site>
                    <applicationDefaults applicationPool="Old"/>
                </sites>
            </system.applicationHost>
            <location path="blog"/>
            <location path="Blog/shop"/>
            <location path="Blogs/shop"/>
            <location path=""/>
        </configuration>

        """

    private func hosting() throws -> HostingEditor {
        HostingEditor(try ServerConfiguration(bytes: Array(Self.hosts.utf8), path: "applicationHost.config")) { $0 }
    }

    private func lines(_ hosting: HostingEditor) throws -> [Substring] {
        let text = String(decoding: try hosting.file.applied().stored, as: UTF8.self)
        return text.split(separator: "\n").filter { !Self.hosts.contains($0) }.map { $0.drop { $0 == " " } }
    }

    @Test func aSitesLocationsMoveWithItsName() throws {
        let hosting = try hosting()
        #expect(try hosting.renameSite("blog", to: "Journal") == 2)
        #expect(
            try lines(hosting) == [
                "<site name=\"Journal\" id=\"1\">", "<location path=\"Journal\"/>", "<location path=\"Journal/shop\"/>",
            ])
    }

    @Test func whatNamesAPoolNamesItByItsNewName() throws {
        let hosting = try hosting()
        #expect(try hosting.renamePool("Old", to: "New") == 4)
        #expect(
            try lines(hosting) == [
                "<add name=\"New\"/>", "<application path=\"/\" applicationPool=\"New\"/>",
                "<applicationDefaults applicationPool=\"New\"/>", "<application path=\"/\" applicationPool=\"New\"/>",
                "<applicationDefaults applicationPool=\"New\"/>",
            ])
    }

    @Test func aNameThatAnotherHasOrThatNoneCanHaveIsRefused() throws {
        #expect(throws: OperationError.duplicate(name: "BLOGS")) { try hosting().renameSite("Blog", to: "BLOGS") }
        #expect(throws: OperationError.duplicate(name: "other")) { try hosting().renamePool("Old", to: "other") }
        #expect(throws: OperationError.self) { try hosting().renameSite("Blog", to: "a/b") }
        #expect(throws: OperationError.self) { try hosting().renamePool("Old", to: "a|b") }
        #expect(throws: OperationError.unknownObject("None")) { try hosting().renameSite("None", to: "x") }
        #expect(try hosting().renameSite("Blog", to: "BLOG") == 2, "other letters of its own name")
    }
}
