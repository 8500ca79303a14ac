import Configuration
import TestSupport
import Testing

@testable import ConfigurationStore

/// Defaults and attributes: reference §6.2 and Appendix D.
@Suite struct RedirectionTests {
    private func redirection(_ attributes: String) throws -> Redirection {
        try Redirection(
            Array(
                """
                <configuration>
                  <configSections><section name="configurationRedirection"/></configSections>
                  <configurationRedirection \(attributes)/>
                </configuration>
                """.utf8), file: "/etc/hostelry/redirection.config")
    }

    @Test func aFileThatSaysNothingRedirectsNothing() throws {
        let plain = try redirection("")
        #expect(!plain.isEnabled && plain.sharedFolder == nil && !plain.pollsOnly)
        #expect(plain.pollingPeriod == .seconds(180))
    }

    @Test func whereThereIsNoFileNothingIsRedirected() throws {
        let folder = try TemporaryFolder()
        let redirection = try Redirection.beside(folder["applicationHost.config"])
        #expect(!redirection.isEnabled)
        #expect(redirection.file == folder["redirection.config"])
    }

    @Test func itNamesTheFolderWhoseFilesTakeTheLocalOnesPlace() throws {
        let folder = try #require(
            try redirection(#"enabled="true" path="/srv/shared/" enableUncPolling="true" pollingPeriod="00:00:30""#)
                .sharedFolder)
        #expect(folder.serverFile == "/srv/shared/applicationHost.config")
        let file = FileInForce(local: "/etc/hostelry/my.config", shared: folder)
        #expect(file.path == "/srv/shared/applicationHost.config")
        #expect(file.administrationPath == "/srv/shared/administration.config")
        #expect(file.schemaFolder == "/etc/hostelry/schema")
        #expect(file.folder == "/etc/hostelry")
    }

    @Test func variablesOfThePathAreExpanded() throws {
        #expect(
            try redirection(#"enabled="true" path="%HOSTELRY_CONFIG_DIR%/shared""#).folder == "/etc/hostelry/shared")
    }

    @Test func theAccountThatReadsIsTheFoldersAndItsPasswordIsOfNoEffect() throws {
        let shared = #"enabled="true" path="/srv/shared" userName="reader" "#
        for (password, isTold) in [
            ("", false), (#"password="""#, false), (#"password="[enc:AesProvider::enc]""#, false),
            (#"password="x""#, true), (#"password="[enc:AesProvider:AAAA:enc]""#, true),
        ] {
            let redirection = try redirection(shared + password)
            #expect(redirection.sharedFolder == SharedFolder("/srv/shared", reader: "reader"))
            #expect((redirection.remark != nil) == isTold)
        }
        #expect(try redirection(#"enabled="true" path="/srv/shared""#).sharedFolder?.reader == nil)
    }

    @Test func aPeriodOfNothingIsASecond() throws {
        #expect(try redirection(#"pollingPeriod="00:00:00""#).pollingPeriod == .seconds(1))
    }

    @Test(arguments: ["", "shared", #"\\server\share"#, "//server/share"])
    func aPathThatIsNoFolderOfThisMachineIsRefusedWithItsLine(path: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try redirection(#"enabled="true" path="\#(path)""#) }
        #expect(error?.line == 3)
    }

    @Test func aDisabledRedirectionMayNameAnything() throws {
        #expect(try !redirection(#"enabled="false" path="\\server\share""#).isEnabled)
    }

    @Test func aBrokenFileIsAnErrorAndNoEmptyRedirection() throws {
        #expect(throws: ConfigurationError.self) { try redirection(#"enabled="perhaps""#) }
        #expect(throws: ConfigurationError.self) {
            try Redirection(Array("<configuration>".utf8), file: "/redirection.config")
        }
    }

    @Test(.enabled(if: Corpus.isHere, "\(Corpus.absence)")) func theFileThatIISWritesIsRead() throws {
        let path = "shared-configuration/redirection.config"
        #expect(try !Redirection(Corpus.bytes(path), file: path).isEnabled)
    }

    @Test func settingItKeepsWhatStandsAroundIt() throws {
        let old = """
            <configuration>
                <!-- ours -->
                <configSections><section name="configurationRedirection" /></configSections>
                <configurationRedirection enabled="false" pollingPeriod="00:00:30" />
            </configuration>
            """
        let new = try RedirectionText.enabling(
            SharedFolder("/srv/a&b"), userName: nil, in: Array(old.utf8), file: "/redirection.config")
        let text = String(decoding: new, as: UTF8.self)
        #expect(text.contains("<!-- ours -->") && text.contains(#"pollingPeriod="00:00:30""#))
        let read = try Redirection(new, file: "/redirection.config")
        #expect(read.sharedFolder == SharedFolder("/srv/a&b"))
        let off = try RedirectionText.disabling(in: new, file: "/redirection.config")
        let disabled = try Redirection(off, file: "/redirection.config")
        #expect(!disabled.isEnabled && disabled.folder == "/srv/a&b")
    }

    @Test func aFileIsMadeWhereThereIsNone() throws {
        let new = try RedirectionText.enabling(
            SharedFolder("/srv/shared"), userName: "reader", in: nil, file: "/redirection.config")
        let read = try Redirection(new, file: "/redirection.config")
        #expect(read.sharedFolder == SharedFolder("/srv/shared", reader: "reader") && read.userName == "reader")
    }
}
