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
        let bin = try install("bin")
        let path = found(["PATH": "relative::/nowhere:\(bin)"])
        #expect(path?.foundBy == "PATH")
        #expect(path?.program == "\(bin)/dotnet")
        // What is set for .NET alone, and for one architecture before that for any, as its start programs read it.
        let root = try install("root")
        #expect(found(["DOTNET_ROOT": root, "PATH": bin])?.root == FilePath.resolved(root))
        let special = try install("special")
        let name = try #require(DotNetInstallation.rootVariables.first)
        #expect(["DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"].contains(name))
        #expect(found(["DOTNET_ROOT": root, "PATH": bin, name: special])?.foundBy == name)
        #expect(found(["DOTNET_ROOT": "/nowhere", "PATH": bin])?.foundBy == "PATH")
    }

    @Test func aSearchRemembersWhatEachSetOfVariablesLeadsTo() throws {
        let search = DotNetSearch(system: folder.path)
        let (bin, root) = (try install("bin"), try install("root"))
        let name = try #require(DotNetInstallation.rootVariables.first)
        for variable in ["PATH", "DOTNET_ROOT", name] {
            #expect(search.find { $0 == variable ? bin : nil }?.foundBy == variable)
            #expect(search.find { $0 == variable ? root : nil }?.program == "\(root)/dotnet")
        }
        #expect(search.find { _ in nil } == nil)
        // What was found once is not looked for again.
        folder.remove("bin/dotnet")
        #expect(search.find { $0 == "PATH" ? bin : nil }?.program == "\(bin)/dotnet")
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
