import Crypto
import Testing

@testable import ConfigurationStore

@Suite struct ChangeRecordTests {
    private let record = ChangeRecord(
        number: 12, author: ChangeAuthor(user: 1000, name: "anna"), tool: "hostelry import", comment: "both",
        files: [
            .init(
                path: "/etc/hostelry/applicationHost.config", oldHash: SHA256.hash([1]), newHash: SHA256.hash([2, 3]),
                isServerFile: true, creationMode: 0o644, old: [1], new: [2, 3]),
            .init(
                path: "/etc/hostelry/redirection.config", oldHash: nil, newHash: SHA256.hash([]), isServerFile: false,
                creationMode: 0o600, old: nil, new: []),
        ])

    @Test func whatIsWrittenIsReadAgain() throws {
        #expect(try ChangeRecord(bytes: record.bytes) == record)
        var other = record
        other.files = []
        #expect(try ChangeRecord(bytes: other.bytes) == other)
    }

    @Test func aRecordThatWasCutOffAnywhereIsNone() {
        let bytes = record.bytes
        for count in bytes.indices {
            #expect(throws: ChangeRecord.Unreadable.torn) { try ChangeRecord(bytes: Array(bytes[..<count])) }
        }
    }

    @Test func aRecordWithAnyByteChangedIsNone() {
        let bytes = record.bytes
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0x10
            #expect(throws: ChangeRecord.Unreadable.self) { try ChangeRecord(bytes: changed) }
        }
    }

    @Test(arguments: [-1, Int64.min, 100_001, .max]) func aRecordOfNoSensibleNumberOfFilesIsNone(_ count: Int64) {
        var writer = FieldWriter()
        for number in [0, -1] as [Int64] { writer.number(number) }
        for _ in 0..<3 { writer.text("") }
        writer.number(count)
        let body = writer.bytes
        let head = "hostelry-change 1 \(body.count) \(SHA256.hash(body))\n"
        #expect(throws: ChangeRecord.Unreadable.torn) { try ChangeRecord(bytes: Array(head.utf8) + body) }
    }

    @Test func aRecordOfANewerProgramIsToldFromADamagedOne() {
        #expect(throws: ChangeRecord.Unreadable.newer(version: 2)) {
            try ChangeRecord(bytes: Array("hostelry-change 2 something else\n".utf8))
        }
    }

    @Test func aSingleFilesRecordHoldsNoContents() {
        var single = record
        single.files.removeLast()
        #expect(single.withoutNeedlessContents.files[0].old == nil)
        #expect(single.withoutNeedlessContents.files[0].new == nil)
        #expect(record.withoutNeedlessContents == record)
    }
}
