import DotNet
import Platform
import TestSupport
import Testing

@Suite struct DotNetInstallationTests {
    private let folder = try! TemporaryFolder()  // Without a folder there is nothing to test.

    private func found(_ environment: [String: String] = [:]) -> DotNetInstallation? {
        DotNetInstallation.find(environment: { environment[$0] }, system: folder.path)
    }

    /// Makes `name` an installation in the folder.
    private func install(_ name: String) throws -> String {
        try PublishedFolder.install(["8.0.31"], in: folder, at: name)
        return folder[name]
    }

    @Test func itIsLookedForInTheOrderOfTheReference() throws {
        for path in ["etc", "etc/dotnet", "usr", "usr/share", "usr/lib"] { folder.makeFolder(path) }
        #expect(found() == nil)
        _ = try install("usr/lib/dotnet")
        #expect(found()?.foundBy == "/usr/lib/dotnet")
        _ = try install("usr/share/dotnet")
        #expect(found()?.foundBy == "/usr/share/dotnet")
        let registered = try install("registered")
        try folder.write("etc/dotnet/install_location", "\(registered)\n")
        #expect(found()?.foundBy == "/etc/dotnet/install_location")
        let root = try install("root")
        #expect(found(["DOTNET_ROOT": root])?.root == FilePath.resolved(root))
        let bin = try install("bin")
        let both = found(["DOTNET_ROOT": root, "PATH": "relative::/nowhere:\(bin)"])
        #expect(both?.foundBy == "PATH")
        #expect(both?.program == "\(bin)/dotnet")
    }

    @Test func itsVersionsAreSortedAsVersions() throws {
        try PublishedFolder.install(["10.0.12", "8.0.9", "8.0.31"], in: folder)
        folder.makeFolder("host/fxr/notes")
        folder.makeFolder("shared/Empty")
        let found = try #require(DotNetInstallation(folder: folder.path, foundBy: ""))
        #expect(found.hosts.map(\.description) == ["8.0.9", "8.0.31", "10.0.12"])
        #expect(found.frameworks.keys.sorted() == ["Microsoft.AspNetCore.App", "Microsoft.NETCore.App"])
        #expect(found.frameworks["Microsoft.AspNetCore.App"]?.map(\.description) == ["8.0.9", "8.0.31", "10.0.12"])
        #expect(found.architecture == .x64)
        #expect(found.isKnown)
    }

    @Test func aLinkLeadsToTheInstallation() throws {
        let root = try install("real")
        folder.makeFolder("bin")
        folder.makeLink("bin/dotnet", to: "../real/dotnet")
        let found = try #require(self.found(["PATH": folder["bin"]]))
        #expect(found.program == folder["bin/dotnet"])
        #expect(found.root == FilePath.resolved(root))
        #expect(found.isKnown)
    }

    @Test func aScriptIsTakenWhereThereIsNothingBetter() throws {
        folder.makeFolder("bin")
        try folder.write("bin/dotnet", "#!/bin/sh\n")
        let script = try #require(found(["PATH": folder["bin"]]))
        #expect(!script.isKnown)
        let root = try install("root")
        #expect(found(["PATH": folder["bin"], "DOTNET_ROOT": root])?.foundBy == "DOTNET_ROOT")
    }
}
