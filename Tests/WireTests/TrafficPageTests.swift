import Testing

@testable import Wire

struct TrafficPageTests {
    @Test func tooManyEntriesAreRefusedBeforeTheFirstIsRead() {
        // Nothing follows; 257 entries, none of which is one.
        let bytes: [UInt8] = [1, 1, 1, 0, 0] + Array(repeating: 0xFF, count: 257)
        let error = #expect(throws: WireError.self) {
            var reader = ByteReader(bytes.span, "page")
            _ = try TrafficPage(&reader)
        }
        #expect(error?.code == .tooLarge)
    }
}
