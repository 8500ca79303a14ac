import ConfigurationStore
import Testing

struct WindowsPathMapTests {
    private func map(_ texts: String...) -> WindowsPathMap {
        WindowsPathMap(texts.compactMap { WindowsPathMap.Entry($0) })
    }

    @Test
    func theLongestFolderThatHoldsAPathIsMeant() {
        let map = map("C:\\inetpub=/srv/inetpub", "C:\\inetpub\\wwwroot=/var/www")
        #expect(map.path(of: "C:\\inetpub\\wwwroot\\shop") == "/var/www/shop")
        #expect(map.path(of: "C:\\inetpub\\logs") == "/srv/inetpub/logs")
        #expect(map.path(of: "C:\\inetpub") == "/srv/inetpub")
    }

    @Test
    func drivesAndFoldersAreTheSameInAnyCaseAndTheRestKeepsIts() {
        #expect(map("c:\\INETPUB=/srv").path(of: "C:\\inetpub\\Shop\\Bin") == "/srv/Shop/Bin")
    }

    @Test
    func aFolderThatOnlyBeginsAlikeIsNotMapped() {
        #expect(map("C:\\inetpub=/srv").path(of: "C:\\inetpub2\\x") == nil)
    }

    @Test
    func variablesOfEveryWindowsAreWhatTheyUsuallyAre() {
        let map = map("C:\\=/mnt/c")
        #expect(map.path(of: "%SystemDrive%\\inetpub\\wwwroot") == "/mnt/c/inetpub/wwwroot")
        #expect(map.path(of: "%windir%\\System32") == "/mnt/c/Windows/System32")
        #expect(map.path(of: "%OTHER%\\x") == nil)
    }

    @Test
    func sharesAndForwardSlashesAreMappedToo() {
        #expect(map("\\\\files\\web=/net/web").path(of: "\\\\FILES\\web\\a") == "/net/web/a")
        #expect(map("D:/sites=/srv/").path(of: "D:/sites/a/b") == "/srv/a/b")
        #expect(map("D:\\=/").path(of: "D:\\a") == "/a")
    }

    @Test
    func pathsThatClimbAreNotMapped() {
        #expect(map("C:\\inetpub=/srv").path(of: "C:\\inetpub\\..\\secret") == nil)
    }

    @Test
    func whatIsNoMapIsRefused() {
        for text in ["", "C:\\inetpub", "C:\\inetpub=srv", "inetpub=/srv", "=/srv", "1:\\a=/srv"] {
            #expect(WindowsPathMap.Entry(text) == nil, "\(text)")
        }
    }
}
