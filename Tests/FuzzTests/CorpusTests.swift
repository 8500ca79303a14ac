import FuzzTargets
import Platform
import Testing

struct CorpusTests {
    static let corpus = #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/Fuzz/Corpus"

    @Test(arguments: FuzzTarget.allCases)
    func everyFileOfTheCorpusIsReadOrRefusedAsItMust(_ target: FuzzTarget) throws {
        let folder = "\(Self.corpus)/\(target.rawValue)"
        let names = try FolderNames.filter(folder) { $0[0] != UInt8(ascii: ".") }
        #expect(names.count >= 10)
        for name in names {
            let bytes = try FileReader().read("\(folder)/\(name)").bytes
            #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.run(bytes) }
        }
    }
}
