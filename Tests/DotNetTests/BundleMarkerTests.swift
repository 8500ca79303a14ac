import Platform
import TestSupport
import Testing

@testable import DotNet

/// How much of programs is read to find out whether they hold a bundle.
@Suite struct BundleMarkerTests {
    private let folder = try! TemporaryFolder()  // Without a folder there is nothing to test.

    private func isThere(_ bytes: [UInt8], _ budget: inout Int) throws -> Bool {
        try folder.write("program", bytes)
        let here = try #require(SystemPath(folder.path.utf8))
        let file = try FileDescriptor.open(#require(SystemPath("program".utf8)), beneath: here)
        return try BundleMarker.isThere(in: file, size: Int64(bytes.count), budget: &budget)
    }

    @Test func whatIsReadIsTakenFromTheBudget() throws {
        let program = PublishedFolder.bundled(PublishedFolder.linuxProgram(), at: 4096, header: 5000)
        var budget = 200 << 10
        for left in [136 << 10, 72 << 10, 8 << 10] {
            #expect(try isThere(program, &budget))
            #expect(budget == left)
        }
        // What is left suffices to come to the mark; behind it nothing is read any more.
        #expect(try isThere(program, &budget))
        #expect(budget == 0)
        #expect(try !isThere(program, &budget))
        #expect(budget == 0)
    }

    @Test func aMarkBehindTheBudgetIsNotFound() throws {
        var budget = 4000
        let program = PublishedFolder.bundled(PublishedFolder.linuxProgram(), at: 4096, header: 5000)
        #expect(try !isThere(program, &budget))
        #expect(budget == 0)
    }
}
