import DotNet
import Testing

struct FrameworkVersionTests {
    @Test func aPreviewComesBeforeItsRelease() throws {
        let preview = try #require(FrameworkVersion("10.0.0-preview.4"))
        #expect(try preview < #require(FrameworkVersion("10.0.0")))
        #expect(try preview < #require(FrameworkVersion("10.0.0-preview.10")))
        #expect(try preview > #require(FrameworkVersion("10.0.0-preview")))
    }

    @Test func numbersAreComparedAsNumbers() throws {
        #expect(try #require(FrameworkVersion("8.0.9")) < #require(FrameworkVersion("8.0.31")))
        #expect(try #require(FrameworkVersion("9.0.0")) < #require(FrameworkVersion("10.0.0")))
    }

    @Test(arguments: ["", "10", "10.0", "10.0.x", "1.2.3.4", "-1.0.0"]) func whatIsNoVersionIsRefused(_ text: String) {
        #expect(FrameworkVersion(text) == nil)
    }
}
