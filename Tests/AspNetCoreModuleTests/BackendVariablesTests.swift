import Configuration
import Testing

@testable import AspNetCoreModule

/// The environment of an application's processes (reference §2.3, §2.4).
struct BackendVariablesTests {
    typealias Variables = [(name: String, value: String)]

    private var place: ApplicationPlace {
        var place = ApplicationPlace(siteName: "Shop", siteID: 7, path: "/api", folder: "/srv/api", pool: "Pool")
        place.authentication = ["anonymous"]
        return place
    }

    private func environment(
        _ own: Variables = [], worker: Variables = [], dialect: BackendSettings.Dialect = .aspNetCore,
        arguments: String = "", place: ApplicationPlace? = nil
    ) -> [String: String] {
        var settings = BackendSettings(processPath: "dotnet")
        settings.dialect = dialect
        settings.arguments = arguments
        settings.environmentVariables = own.map { EnvironmentVariable(name: $0.name, value: $0.value) }
        let variables = BackendVariables(settings, place ?? self.place, worker: worker)
        let list = variables.environment(
            port: variables.fixedPort ?? 5000, socketPath: variables.wantsSocket ? "/run/s" : nil,
            token: variables.fixedToken ?? "token")
        #expect(Set(list.map(\.name)).count == list.count)
        return Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.value) })
    }

    @Test func theModuleTellsAnApplicationWhereItIs() {
        let expected = [
            "ASPNETCORE_IIS_VERSION": "10.0", "ASPNETCORE_IIS_APP_POOL_ID": "Pool", "ASPNETCORE_IIS_SITE_NAME": "Shop",
            "ASPNETCORE_IIS_SITE_ID": "7", "ASPNETCORE_IIS_APP_CONFIG_PATH": "MACHINE/WEBROOT/APPHOST/Shop/api",
            "ASPNETCORE_IIS_APPLICATION_ID": "/LM/W3SVC/7/ROOT/api",
            "ASPNETCORE_IIS_APPLICATION_VIRTUAL_PATH": "/api", "ASPNETCORE_IIS_PHYSICAL_PATH": "/srv/api/",
            "ASPNETCORE_IIS_HTTPAUTH": "anonymous;", "ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED": "true",
            "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES": ";Microsoft.AspNetCore.Server.IISIntegration",
            "ASPNETCORE_PORT": "5000", "ASPNETCORE_APPL_PATH": "/api", "ASPNETCORE_TOKEN": "token",
        ]
        #expect(environment() == expected)
    }

    @Test func thePoolsConfigurationFileIsToldWhereThereIsOne() {
        var place = self.place
        place.poolConfigurationFile = "/run/pool.config"
        #expect(environment(place: place)["ASPNETCORE_IIS_APP_POOL_CONFIG_FILE"] == "/run/pool.config")
    }

    @Test("InProcessTest.GeneratesVirtualPath, GeneratesVirtualPathForDefaultApp")
    func virtualPaths() {
        #expect(environment()["ASPNETCORE_APPL_PATH"] == "/api")
        let root = ApplicationPlace(siteName: "Shop", siteID: 7, path: "/", folder: "/srv/shop", pool: "Pool")
        let told = environment(place: root)
        #expect(told["ASPNETCORE_APPL_PATH"] == "/")
        #expect(told["ASPNETCORE_IIS_APPLICATION_VIRTUAL_PATH"] == "/")
        #expect(told["ASPNETCORE_IIS_APPLICATION_ID"] == "/LM/W3SVC/7/ROOT")
        #expect(told["ASPNETCORE_IIS_APP_CONFIG_PATH"] == "MACHINE/WEBROOT/APPHOST/Shop")
        #expect(told["ASPNETCORE_IIS_HTTPAUTH"] == "none")
    }

    @Test("WebConfigOverridesGlobalEnvironmentVariables_OutOfProcess")
    func theSectionBeatsTheWorker() {
        let told = environment(
            [("ASPNETCORE_ENVIRONMENT", "Development")],
            worker: [("ASPNETCORE_ENVIRONMENT", "Production"), ("HOME", "/var/home"), ("Lower", "1")])
        #expect(told["ASPNETCORE_ENVIRONMENT"] == "Development")
        #expect(told["HOME"] == "/var/home")
        #expect(told["Lower"] == "1")
    }

    @Test func namesAreComparedWithoutCaseAndBothSpellingsGetTheValue() {
        let told = environment([("Path", "/opt:%PATH%")], worker: [("PATH", "/bin")])
        #expect(told["PATH"] == "/opt:/bin")
        #expect(told["Path"] == "/opt:/bin")
        // Where the worker has both, the one that is meant.
        let proxies = environment([("HTTP_PROXY", "c")], worker: [("http_proxy", "a"), ("HTTP_PROXY", "b")])
        #expect(proxies["HTTP_PROXY"] == "c")
        #expect(proxies["http_proxy"] == "a")
    }

    @Test("WebConfigExpandsVariables_OutOfProcess, PassUnexpandedEnvString.ExpandsResult")
    func valuesAreExpanded() {
        let told = environment(
            [("A", "%user%-%USER%-%nobody%-100%"), ("B", "%A%")], worker: [("User", "ada")])
        #expect(told["A"] == "ada-ada-%nobody%-100%")
        // By the worker's variables alone, once.
        #expect(told["B"] == "%A%")
    }

    @Test("PassUnexpandedEnvString.LongStringExpandsResults, GetLongEnvironmentVariable_OutOfProcess")
    func longValuesAreKept() {
        let long = String(repeating: "ä1", count: 20_000)
        let told = environment([("A", "%LONG%"), ("B", long)], worker: [("LONG", long)])
        #expect(told["A"] == long)
        #expect(told["B"] == long)
        #expect(told["LONG"] == long)
    }

    @Test("GetEnvironmentVariableValue.ReturnsCorrectLenght, ReturnsNulloptWhenNotFound: empty is as if not set")
    func overridesOfTheWorker() {
        let worker: Variables = [("ancm_launcher_path", "x"), ("ANCM_LAUNCHER_ARGS", "")]
        let variables = BackendVariables(BackendSettings(processPath: "a"), place, worker: worker)
        #expect(variables.override("ANCM_LAUNCHER_PATH") == "x")
        #expect(variables.override("ANCM_LAUNCHER_ARGS") == nil)
        #expect(variables.override("ANCM_ELSE") == nil)
    }

    @Test("AuthHeaderEnvironmentVariableRemoved_OutOfProcess")
    func whatTheServerKnowsBetterIsOverwritten() {
        let told = environment([
            ("ASPNETCORE_IIS_HTTPAUTH", "windows;"), ("aspnetcore_iis_physical_path", "/etc/"),
            ("ASPNETCORE_APPL_PATH", "/other"), ("ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED", "maybe"),
        ])
        #expect(told["ASPNETCORE_IIS_HTTPAUTH"] == "anonymous;")
        #expect(told["ASPNETCORE_IIS_PHYSICAL_PATH"] == "/srv/api/")
        #expect(told["aspnetcore_iis_physical_path"] == nil)
        #expect(told["ASPNETCORE_APPL_PATH"] == "/api")
        #expect(told["ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED"] == "true")
    }

    @Test func everyEnabledAuthenticationIsNamedInTheModulesOrder() {
        var place = self.place
        place.authentication = ["anonymous", "basic", "windows"]
        #expect(environment(place: place)["ASPNETCORE_IIS_HTTPAUTH"] == "windows;basic;anonymous;")
        place.authentication = ["basic"]
        #expect(environment(place: place)["ASPNETCORE_IIS_HTTPAUTH"] == "basic;")
    }

    @Test("UpgradeFeatureDetectionDisabled_OutOfProcess, UpgradeFeatureDetectionEnabled_OutOfProcess")
    func webSockets() {
        var place = self.place
        place.hasWebSockets = false
        #expect(environment(place: place)["ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED"] == "false")
    }

    @Test("WebConfigAppendsHostingStartup_OutOfProcess")
    func theIntegrationIsAppendedToTheWorkersStartupAssemblies() {
        let told = environment(worker: [("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Asm1")])
        #expect(
            told["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] == "Asm1;Microsoft.AspNetCore.Server.IISIntegration")
    }

    @Test("WebConfigOverridesHostingStartup_OutOfProcess")
    func theSectionsStartupAssembliesHold() {
        let told = environment(
            [("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Asm1")],
            worker: [("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Asm2")])
        #expect(told["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] == "Asm1")
        #expect(environment([("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "")])["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] == "")
    }

    @Test(
        "PreferEnvironmentVariablesOverWebConfigWhenConfigured",
        arguments: [("1", "worker"), ("true", "worker"), ("TRUE", "worker"), ("0", "section"), ("", "section")])
    func preference(flag: String, winner: String) {
        let told = environment(
            [("ASPNETCORE_ENVIRONMENT", "section"), ("ONLY", "%HOME%"), ("EMPTY", "section")],
            worker: [
                ("ANCM_PREFER_ENVIRONMENT_VARIABLES", flag), ("ASPNETCORE_ENVIRONMENT", "worker"), ("HOME", "/h"),
                ("EMPTY", ""),
            ])
        #expect(told["ASPNETCORE_ENVIRONMENT"] == winner)
        #expect(told["ONLY"] == "/h")
        #expect(told["EMPTY"] == "section")
    }

    // MARK: Ports and tokens

    private func port(_ text: String) -> UInt16? {
        var settings = BackendSettings(processPath: "a")
        settings.environmentVariables = [.init(name: "AspNetCore_Port", value: text)]
        return BackendVariables(settings, place, worker: [("P", "8123")]).fixedPort
    }

    @Test("AspNetCorePortTests.EnvVarInWebConfig_Valid, _Empty, _Invalid: what the section names")
    func fixedPorts() {
        #expect(port("8000") == 8000)
        #expect(port("%P%") == 8123)
        #expect(port("") == nil)
        // Whether it may be used, who starts decides; what is no port at all is 0.
        #expect(port("1024") == 1024)
        #expect(port("48001") == 48001)
        for text in ["65536", "-1", "test", "80 ", "8000.5"] { #expect(port(text) == 0) }
        #expect(environment([("ASPNETCORE_PORT", "8000")])["ASPNETCORE_PORT"] == "8000")
        // Empty is as if there were none.
        #expect(environment([("ASPNETCORE_PORT", "")])["ASPNETCORE_PORT"] == "5000")
    }

    @Test func aTokenOfTheSectionsIsKept() {
        #expect(environment([("ASPNETCORE_TOKEN", "mine")])["ASPNETCORE_TOKEN"] == "mine")
        #expect(environment([("ASPNETCORE_TOKEN", "")])["ASPNETCORE_TOKEN"] == "token")
        // Another application's, or a visitor's of the worker's environment, is not.
        #expect(environment(worker: [("ASPNETCORE_TOKEN", "worker")])["ASPNETCORE_TOKEN"] == "token")
        #expect(environment(worker: [("ASPNETCORE_PORT", "1")])["ASPNETCORE_PORT"] == "5000")
    }

    // MARK: Bindings

    @Test(
        "BindingInformationTest.ParsesInformationCorrectly",
        arguments: [
            ("*:80:", "*", "80", "*"), ("127.0.0.1:8080:localhost", "127.0.0.1", "8080", "localhost"),
            (":443:www.example.com", "", "443", "www.example.com"), ("[::1]:443:", "[::1]", "443", "*"),
            ("[fe80::1]:8443:a", "[fe80::1]", "8443", "a"), ("net.pipe", "net.pipe", "", "*"),
            ("808:", "808:", "", "*"),
        ])
    func bindings(text: String, address: String, port: String, host: String) {
        let binding = BindingInformation(text)
        #expect(binding.address == address)
        #expect(binding.port == port)
        #expect(binding.host == host)
    }

    private func securePort(_ bindings: [(String, String)], own: Variables = []) -> String? {
        var place = self.place
        place.bindings = bindings.map { ApplicationPlace.Binding(scheme: $0.0, information: $0.1) }
        return environment(own, place: place)["ASPNETCORE_ANCM_HTTPS_PORT"]
    }

    @Test("HttpsRedirectionWorksIn30AndNot22: the port of the https bindings is told")
    func oneSecurePort() {
        #expect(securePort([("http", "*:80:"), ("https", "*:44300:")]) == "44300")
        #expect(securePort([("HTTPS", "*:443:a"), ("https", "10.0.0.1:443:b")]) == "443")
        #expect(securePort([("http", "*:80:")]) == nil)
        #expect(securePort([]) == nil)
    }

    @Test("MultipleHttpsPortsProduceNoEnvVar")
    func severalSecurePorts() { #expect(securePort([("https", "*:443:"), ("https", "*:444:")]) == nil) }

    @Test("AncmHttpsPortCanBeOverriden")
    func theSectionsSecurePortHolds() {
        let bindings = [("https", "*:443:")]
        #expect(securePort(bindings, own: [("ASPNETCORE_ANCM_HTTPS_PORT", "123")]) == "123")
        #expect(securePort(bindings, own: [("ASPNETCORE_ANCM_HTTPS_PORT", "")]) == "")
    }

    // MARK: httpPlatform

    @Test func httpPlatformTellsTheSameByNamesOfItsOwn() {
        let expected = [
            "HTTP_PLATFORM_IIS_VERSION": "10.0", "HTTP_PLATFORM_IIS_APP_POOL_ID": "Pool",
            "HTTP_PLATFORM_IIS_SITE_NAME": "Shop", "HTTP_PLATFORM_IIS_SITE_ID": "7",
            "HTTP_PLATFORM_IIS_APP_CONFIG_PATH": "MACHINE/WEBROOT/APPHOST/Shop/api",
            "HTTP_PLATFORM_IIS_APPLICATION_ID": "/LM/W3SVC/7/ROOT/api",
            "HTTP_PLATFORM_IIS_APPLICATION_VIRTUAL_PATH": "/api", "HTTP_PLATFORM_IIS_PHYSICAL_PATH": "/srv/api/",
            "HTTP_PLATFORM_IIS_HTTPAUTH": "anonymous;", "HTTP_PLATFORM_IIS_WEBSOCKETS_SUPPORTED": "true",
            "HTTP_PLATFORM_PORT": "5000", "HTTP_PLATFORM_APPL_PATH": "/api", "HTTP_PLATFORM_TOKEN": "token",
            "PORT": "5000", "URL": "http://127.0.0.1:5000/",
        ]
        let own: Variables = [("PORT", "%HTTP_PLATFORM_PORT%"), ("URL", "http://127.0.0.1:%http_platform_port%/")]
        #expect(environment(own, dialect: .httpPlatform) == expected)
    }

    @Test func aSocketIsOfferedToWhoSpeaksOfIt() {
        #expect(environment(dialect: .httpPlatform)["HTTP_PLATFORM_SOCKET"] == nil)
        let told = environment(dialect: .httpPlatform, arguments: "--uds %http_platform_socket%")
        #expect(told["HTTP_PLATFORM_SOCKET"] == "/run/s")
        let own: Variables = [("BIND", "unix:%HTTP_PLATFORM_SOCKET%")]
        #expect(environment(own, dialect: .httpPlatform)["BIND"] == "unix:/run/s")
        #expect(environment(own)["BIND"] == "unix:%HTTP_PLATFORM_SOCKET%")
    }

    @Test func aPortThatNamesItselfIsTheOneThatIsChosen() {
        let own: Variables = [("HTTP_PLATFORM_PORT", "%http_platform_port%"), ("PORT", "%HTTP_PLATFORM_PORT%")]
        let environment = environment(own, dialect: .httpPlatform)
        #expect(environment["HTTP_PLATFORM_PORT"] == "5000")
        #expect(environment["PORT"] == "5000")
    }
}
