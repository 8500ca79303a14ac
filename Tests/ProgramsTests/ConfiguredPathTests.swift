import Testing

@testable import Programs

/// Paths of Windows and of Linux in web.config files.
struct ConfiguredPathTests {
    @Test(
        arguments: [
            (#".\App.dll"#, "/srv/app/App.dll"), ("./App", "/srv/app/App"), ("App", "/srv/app/App"),
            (#"bin\Release\App.exe"#, "/srv/app/bin/Release/App.exe"), (#".\logs\stdout"#, "/srv/app/logs/stdout"),
            (#"..\shared\App"#, "/srv/app/../shared/App"), ("/usr/bin/node", "/usr/bin/node"),
            (#"\\?\/var/home/LogFiles\stdout"#, "/var/home/LogFiles/stdout"),
            (#"".\my app\App.exe""#, "/srv/app/my app/App.exe"),
            (#"\rooted"#, "/rooted"), (#".\größe\日本"#, "/srv/app/größe/日本"),
            // A file's name may have a colon; a drive is one letter and what follows it a slash or nothing.
            ("a:b", "/srv/app/a:b"), ("ab:c", "/srv/app/ab:c"), (#"C:\App\App.exe"#, nil), ("d:/home/x", nil),
            ("C:", nil),
            (#"\\server\share\App.exe"#, nil), (#"\\?\C:\App.exe"#, nil), (#"\\?\UNC\server\share"#, nil),
        ] as [(String, String?)])
    func absolute(text: String, path: String?) {
        #expect(ConfiguredPath.absolute(text, in: "/srv/app") == path)
    }

    @Test func aLogBelowThePoolsHomeIsThere() {
        let worker = [(name: "HOME", value: "/var/lib/pools/Shop"), (name: "Home", value: "/nowhere")]
        for text in [#"\\?\%home%\LogFiles\stdout"#, #"%HOME%\LogFiles\stdout"#, "%Home%/LogFiles/stdout"] {
            let path = ConfiguredPath.absolute(text, in: "/srv/app", expanding: worker)
            #expect(path == "/var/lib/pools/Shop/LogFiles/stdout")
        }
    }
}
