import HTTP1
import Testing

/// RFC 9110, 12.5.3.
struct AcceptedCodingsTests {
    func read(_ fields: [String]) -> AcceptedCodings {
        var accepted = AcceptedCodings()
        for field in fields { accepted.add(Array(field.utf8).span) }
        return accepted
    }

    @Test(
        arguments: [
            ([], nil), ([""], nil), (["gzip"], .gzip), (["GZIP"], .gzip), (["x-gzip"], .gzip), (["br"], .br),
            // All equally good: the server's order.
            (["gzip, deflate, br, zstd"], .br), (["gzip, deflate, zstd"], .zstd), (["deflate"], .deflate),
            (["gzip", "zstd"], .zstd),
            // Qualities come before the server's order.
            (["br;q=0.5, gzip"], .gzip), (["br;q=0.5, gzip;q=0.501"], .gzip), (["gzip;q=0.8, br;q=1.000"], .br),
            (["br;q=0, gzip;q=0.001"], .gzip), (["gzip;q=0"], nil), (["gzip;q=0.0, br;q=0.000"], nil),
            (["*"], .br), (["*;q=0.3, gzip;q=0.5"], .gzip), (["br;q=0, *"], .zstd), (["*;q=0"], nil),
            // Content without a coding, liked better, equally, less, not at all.
            (["identity, gzip;q=0.5"], nil), (["identity, gzip"], .gzip), (["identity;q=0.2, gzip;q=0.5"], .gzip),
            (["identity;q=0, gzip"], .gzip), (["gzip;q=0.1"], .gzip),
            // What is none is passed over.
            (["gzip;q=2"], nil), (["gzip;q=1.001"], nil), (["gzip;q=0.1234"], nil), (["gzip;level=1"], nil),
            (["gzip;q="], nil), (["gzip;q=.5"], nil), (["gzip;q=-1"], nil), ([",,;q=1, ,gzip ; Q=0.5 ,"], .gzip),
            (["compress, sdch, gzippy"], nil), (["gzip;q=0, gzip"], nil),
        ] as [([String], ContentCoding?)])
    func theClientsWishesComeFirstAndThenTheServersOrder(_ fields: [String], _ choice: ContentCoding?) {
        #expect(read(fields).best(of: [.br, .zstd, .gzip, .deflate]) == choice)
    }

    @Test func onlyWhatTheServerHasIsChosen() {
        #expect(read(["br, gzip;q=0.1"]).best(of: [.gzip]) == .gzip)
        #expect(read(["br"]).best(of: [.gzip]) == nil && read(["br"]).best(of: []) == nil)
    }

    @Test func equalWishesAreASetAndFinerOnesAreNot() {
        let gzip: UInt8 = 1 << ContentCoding.gzip.rawValue
        let br: UInt8 = 1 << ContentCoding.br.rawValue
        #expect(read([]).plainSet == 0 && read(["compress"]).plainSet == 0 && read(["br;q=0"]).plainSet == 0)
        #expect(read(["gzip"]).plainSet == gzip && read(["identity, x-gzip;q=1.0"]).plainSet == gzip)
        #expect(read(["br, gzip"]).plainSet == gzip | br && read(["gzip", "BR"]).plainSet == gzip | br)
        for fine in ["gzip;q=0.9", "*", "gzip, *;q=0", "identity;q=0, gzip", "identity;q=0.5, gzip"] {
            #expect(read([fine]).plainSet == nil, "\(fine)")
        }
    }
}
