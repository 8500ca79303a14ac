import Configuration
import ConfigurationStore
import Crypto
import Glibc
import HostModel
import Platform
import TestSupport
import Testing

/// Export and import in folders; nothing here runs a server. One after the other: each key made of a password takes 128 MB.
@Suite(.serialized) struct TransferTests {
    let folder: TemporaryFolder
    private let ring = KeyRing(now: 1)
    private let password: TransferPassword

    init() throws {
        folder = try TemporaryFolder()
        password = try TransferPassword(Array("Geh0im-es".utf8))
    }

    private static let sites = """
        <configuration>
            <system.applicationHost>
                <applicationPools>
                    <add name="One"><processModel identityType="SpecificUser" userName="root" password="pl4nted"/></add>
                    <add name="Two"/>
                </applicationPools>
                <sites>
                    <site name="A" id="1">
                        <application path="/" applicationPool="One"><virtualDirectory path="/" physicalPath="/srv/a"/></application>
                        <bindings><binding protocol="http" bindingInformation="*:8001:"/></bindings>
                    </site>
                    <site name="B" id="2">
                        <application path="/" applicationPool="Two"><virtualDirectory path="/" physicalPath="/srv/b"/></application>
                        <bindings><binding protocol="http" bindingInformation="*:8002:"/></bindings>
                    </site>
                </sites>
            </system.applicationHost>
            <location path="A"><system.webServer><defaultDocument enabled="false"/></system.webServer></location>
        </configuration>

        """

    private func server(_ text: String = sites) throws -> ServerConfiguration {
        try ServerConfiguration(bytes: Array(text.utf8), path: "/x/applicationHost.config")
    }

    private func export(_ name: String = "export", _ text: String = sites) throws {
        try ConfigurationExport.server(server(text), administration: nil, ring: ring, password: password)
            .write(to: folder[name])
    }

    private func target(_ text: String?) throws -> ImportTarget {
        folder.makeFolder("inn")
        if let text { try folder.write("inn/applicationHost.config", text) }
        return try ImportTarget.read(folder["inn/applicationHost.config"], variables: [:])
    }

    private func plan(
        _ name: String = "export", into text: String? = nil, isKnownUser: Bool = true
    ) throws -> ImportPlan {
        let received = try ReceivedExport.read(folder[name])
        let ring = try received.open(under: password)
        let target = try target(text)
        guard received.manifest.kind == .sites else {
            return try ImportPlan.server(received, ring: ring, into: target) { _ in isKnownUser }
        }
        return try ImportPlan.sites(received, ring: ring, into: target) { _ in isKnownUser }
    }

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func anExportHoldsSealedSecretsAndWrappedKeys() throws {
        try export()
        #expect(folder.names(in: "export") == ["applicationHost.config", "configEncKey.key", "manifest"])
        #expect(try folder.status("export/configEncKey.key").st_mode & 0o777 == 0o600)
        for name in folder.names(in: "export") { #expect(!(try folder.text("export/\(name)").contains("pl4nted"))) }
        let received = try ReceivedExport.read(folder["export"])
        let opened = try #require(try received.open(under: password))
        #expect(opened.bytes == ring.bytes)
        let server = try ServerConfiguration(
            bytes: try #require(received.bytes("applicationHost.config")), path: "x")
        #expect(try SecretValue.all(in: server).map { try $0.open(with: opened) } == ["pl4nted"])
    }

    @Test func exportImportAndExportGiveTheSameBytes() throws {
        try folder.write("first.config", Self.sites)
        try export("one")
        let received = try ReceivedExport.read(folder["one"])
        let opened = try #require(try received.open(under: password))
        let imported = try plan("one")
        #expect(imported.files.map(\.path) == [folder["inn/applicationHost.config"]])
        let again = try ServerConfiguration(bytes: imported.files[0].new, path: "/y/applicationHost.config")
        try ConfigurationExport.server(again, administration: nil, ring: opened, password: password)
            .write(to: folder["two"])
        for name in ["applicationHost.config", "configEncKey.key", "manifest"] {
            #expect(try folder.text("one/\(name)") == folder.text("two/\(name)"))
        }
    }

    @Test func onlyTheKeysThatAreNeededTravel() throws {
        var ring = ring
        ring.renew(now: 2)
        ring.renew(now: 3)
        let sealed = HostelryAesProvider.seal("x", with: ring)
        ring.renew(now: 4)
        try ConfigurationExport.server(
            server(Self.sites.replacing("pl4nted", with: sealed)), administration: nil, ring: ring, password: password
        ).write(to: folder["export"])
        let opened = try #require(try ReceivedExport.read(folder["export"]).open(under: password))
        #expect(opened.entries.map(\.created) == [3, 4])
    }

    @Test func aWrongPasswordOpensNothing() throws {
        try export()
        let received = try ReceivedExport.read(folder["export"])
        let other = try TransferPassword(Array("Geh0im-er".utf8))
        #expect(refusal { _ = try received.open(under: other) }?.contains("the password does not open") == true)
        #expect(refusal { _ = try received.open(under: nil) }?.contains("under a password") == true)
    }

    @Test func whateverIsAlteredIsSeen() throws {
        try export()
        for name in ["applicationHost.config", "configEncKey.key", "manifest"] {
            let text = try folder.text("export/\(name)")
            let bytes = Array(text.utf8)
            // The heading's own case is told otherwise.
            for index in stride(from: 30, to: bytes.count, by: max(1, bytes.count / 7)) {
                var other = bytes
                other[index] = "aA".utf8.contains(other[index]) ? UInt8(ascii: "B") : UInt8(ascii: "A")
                try folder.write("export/\(name)", other)
                #expect(refusal { _ = try ReceivedExport.read(folder["export"]).open(under: password) } != nil)
            }
            try folder.write("export/\(name)", text)
        }
        #expect(try ReceivedExport.read(folder["export"]).open(under: password) != nil)
    }

    /// The hash is right, and the seal is not.
    @Test func aFileThatWasExchangedWithItsHashIsSeen() throws {
        try export()
        let manifest = try folder.text("export/manifest")
        let file = try #require(manifest.split(separator: "\n").first { $0.hasPrefix("file ") })
        let other = Array("<configuration/>".utf8)
        try folder.write("export/applicationHost.config", other)
        try folder.write(
            "export/manifest",
            manifest.replacing(file, with: "file \(SHA256.hash(other)) \(other.count) applicationHost.config"))
        let received = try ReceivedExport.read(folder["export"])
        #expect(refusal { _ = try received.open(under: password) }?.contains("was altered") == true)
    }

    @Test(arguments: ["", "00", "é"])
    func aSealThatIsNoneIsNone(_ seal: String) throws {
        try export()
        let lines = try folder.text("export/manifest").split(separator: "\n").filter { !$0.hasPrefix("seal ") }
        try folder.write("export/manifest", (lines + ["seal \(seal)\n"]).joined(separator: "\n"))
        let received = try ReceivedExport.read(folder["export"])
        #expect(refusal { _ = try received.open(under: password) }?.contains("was altered") == true)
    }

    @Test(arguments: ["applicationHost.config", "configEncKey.key", "manifest"])
    func aMissingFileIsNamed(_ name: String) throws {
        try export()
        folder.remove("export/\(name)")
        #expect(refusal { _ = try ReceivedExport.read(folder["export"]) }?.contains(name) == true)
    }

    /// Else it would be imported as one of Windows, whose values nobody vouches for.
    @Test func anExportWithoutItsManifestIsNoneOfWindows() throws {
        try export()
        folder.remove("export/manifest")
        #expect(!ImportPlan.isFromWindows(folder["export"]))
        folder.remove("export/configEncKey.key")
        #expect(!ImportPlan.isFromWindows(folder["export"]))
        try folder.write("export/applicationHost.config", Self.sites)
        #expect(ImportPlan.isFromWindows(folder["export"]))
        try folder.write("export/configEncKey.key", "what IIS writes")
        #expect(ImportPlan.isFromWindows(folder["export"]))
        try folder.write(
            "export/administration.config", "<configuration a=\"\(HostelryAesProvider.seal("x", with: ring))\"/>")
        #expect(!ImportPlan.isFromWindows(folder["export"]))
    }

    @Test func secretsInClearOfWindowsAreSealed() throws {
        folder.makeFolder("windows")
        try folder.write("windows/applicationHost.config", Self.sites)
        try folder.write(
            "windows/administration.config",
            "<configuration><configSections><section name=\"administrators\"/></configSections>"
                + "<administrators><managementScope path=\"A\"><add name=\"a\" password=\"pl4nted\"/>"
                + "</managementScope></administrators></configuration>")
        let mapping = WindowsImport.Mapping(paths: WindowsPathMap([]), accounts: [:])
        let (plan, _) = try ImportPlan.windows(folder["windows"], mapping, ring: ring, into: target(nil)) { _ in true }
        #expect(plan.files.map(\.path) == [folder["inn/applicationHost.config"], folder["inn/administration.config"]])
        for file in plan.files {
            let server = try ServerConfiguration(bytes: file.new, path: "x")
            #expect(try SecretValue.all(in: server).map { try $0.open(with: ring) } == ["pl4nted"])
            #expect(!String(decoding: file.new, as: UTF8.self).contains("pl4nted"))
        }
    }

    @Test func otherVersionsAreTold() throws {
        try export()
        for (name, heading) in [("manifest", "hostelry export 1"), ("configEncKey.key", "hostelry wrapped keys 1")] {
            let text = try folder.text("export/\(name)")
            try folder.write("export/\(name)", text.replacing(heading, with: heading.dropLast() + "2"))
            let told = refusal { _ = try ReceivedExport.read(folder["export"]).open(under: password) }
            #expect(told?.contains("version 2") == true)
            #expect(told?.contains("or a newer one") == true)
            try folder.write("export/\(name)", text)
        }
    }

    @Test(arguments: [
        "", "hostelry export 1\n", "hostelry export 1\nkind server\n", "hostelry export 1\nkind other\nfile a 1 b\n",
        "hostelry export 1\nkind server\nfile \(SHA256.hash([])) 0 ../applicationHost.config\n",
        "hostelry export 1\nkind server\nfile \(SHA256.hash([])) -1 applicationHost.config\n",
        "hostelry export 1\nkind server\nfile \(SHA256.hash([])) 0 administration.config\n", "hostelry",
    ])
    func whatIsNoManifestIsRefused(_ text: String) throws {
        #expect(throws: TransferError.self) { try ExportManifest(bytes: Array(text.utf8), path: "m") }
    }

    @Test func nothingThatWouldNotBeServedIsImported() throws {
        try export("broken", Self.sites.replacing("*:8002:", with: "*:8001:"))
        #expect(refusal { _ = try plan("broken") }?.contains("site \"B\" would not be served") == true)
        try export("user")
        #expect(refusal { _ = try plan("user", isKnownUser: false) }?.contains("no such user") == true)
        let schema = Self.sites.replacing(
            "<system.applicationHost>",
            with: "<configSections><sectionGroup name=\"system.applicationHost\"><section name=\"sites\"/>"
                + "<section name=\"applicationPools\"/></sectionGroup><sectionGroup name=\"system.webServer\">"
                + "<section name=\"defaultDocument\"/></sectionGroup><section name=\"thirdParty\"/></configSections>"
                + "<thirdParty a=\"1\"/><system.applicationHost>")
        try export("schema", schema)
        #expect(refusal { _ = try plan("schema") }?.contains("no schema describes the section 'thirdParty'") == true)
        #expect(folder.names(in: "inn") == [])
    }

    @Test func foreignSecretsAreKeptAndListed() throws {
        try export("export", Self.sites.replacing("pl4nted", with: "[enc:AesProvider:AAAA:enc]"))
        let plan = try plan()
        #expect(plan.unopened.map(\.encrypted?.provider) == ["AesProvider"])
        #expect(String(decoding: plan.files[0].new, as: UTF8.self).contains("[enc:AesProvider:AAAA:enc]"))
    }

    @Test func anExportWithoutKeysIsRefusedWhereItsValuesCannotBeRead() throws {
        try ConfigurationExport.server(server(), administration: nil, ring: ring, password: nil)
            .write(to: folder["export"])
        #expect(folder.names(in: "export") == ["applicationHost.config", "manifest"])
        #expect(refusal { _ = try plan() }?.contains("no key opens these values") == true)
    }

    @Test func aFolderThatHoldsAnExportStays() throws {
        try export()
        let before = try folder.text("export/manifest")
        #expect(refusal { try export("export", "<configuration/>") }?.contains("is there already") == true)
        #expect(try folder.text("export/manifest") == before)
    }

    @Test func poolsThatWouldBeRecycledAreTold() throws {
        try export()
        let plan = try plan(
            into: Self.sites.replacing(
                "<add name=\"Two\"/>", with: "<add name=\"Two\" enable32BitAppOnWin64=\"true\"/>"))
        #expect(plan.recycledPools == ["Two"])
        #expect(plan.isWhole)
    }

    @Test func sitesComeWithTheirPoolsAndLocations() throws {
        try ConfigurationExport.sites(["a"], of: server(), ring: ring, password: password).write(to: folder["export"])
        let other = Self.sites.replacing("\"A\"", with: "\"C\"").replacing("8001", with: "8003")
            .replacing("\"One\"", with: "\"Three\"")
        let plan = try plan(into: other)
        let text = String(decoding: try #require(plan.files.first).new, as: UTF8.self)
        let after = try server(text)
        #expect(plan.after.sites.map(\.name) == ["C", "B", "A"])
        #expect(plan.after.sites.map(\.id) == [1, 2, 3])
        #expect(plan.notes == ["site \"A\" gets the id 3, since 1 is another site's"])
        #expect(plan.after.pools.map(\.name) == ["Three", "Two", "One"])
        #expect(after.file.locations.compactMap(\.path) == ["C", "A"])
        #expect(after.problems().isEmpty)
        #expect(!plan.isWhole)
    }

    @Test func sitesThatClashAreTold() throws {
        try ConfigurationExport.sites(["A"], of: server(), ring: ring, password: password).write(to: folder["export"])
        #expect(refusal { _ = try plan(into: Self.sites) }?.contains("a site \"A\" is here already") == true)
        let renamed = Self.sites.replacing("\"A\"", with: "\"C\"")
        #expect(refusal { _ = try plan(into: renamed) }?.contains("site \"A\" would not be served") == true)
        #expect(refusal { _ = try plan(into: nil) } != nil)
        #expect(
            refusal { _ = try ConfigurationExport.sites(["D"], of: server(), ring: ring, password: nil) }
                == "there is no site \"D\"")
    }

    @Test(arguments: [
        ("Geh0im-es", ""), ("geh0im-es", "a capital letter"), ("GEH0IM-ES", "a small letter"),
        ("Geheim-es", "a digit"), ("Geh0imes", "a symbol"), ("G0-e", "eight characters"),
    ])
    func aWeakPasswordSaysWhatItLacks(_ text: String, lacks: String) throws {
        let password = try TransferPassword(Array(text.utf8))
        let told = refusal { try password.demandStrength() }
        #expect(lacks.isEmpty ? told == nil : told == "the password is too weak; it lacks \(lacks)")
    }

    @Test func onlyALineOfTextIsAPassword() {
        for bytes in [[], [0xFF], [0x41, 0x0A], [UInt8](repeating: 0x41, count: 1025)] as [[UInt8]] {
            #expect(throws: TransferError.self) { try TransferPassword(bytes) }
        }
    }
}
