import Administration
import Testing

struct QuantityTests {
    @Test(
        arguments: [
            (310_000, "0.31 ms"), (9_994_000, "9.99 ms"), (12_400_000, "12 ms"), (999_999_999, "999 ms"),
            (1_240_000_000, "1.2 s"), (125_000_000_000, "2 min 5 s"),
        ] as [(UInt64, String)])
    func aDurationHasItsUnit(_ nanoseconds: UInt64, _ text: String) {
        #expect(Quantity.duration(nanoseconds) == text)
    }

    @Test(
        arguments: [
            (0, "0"), (0.04, "0"), (3.46, "3.5"), (9.96, "10"), (1234, "1234"), (12_345, "12.3k"), (2_500_000, "2.5M"),
        ] as [(Double, String)])
    func aRateIsShort(_ rate: Double, _ text: String) {
        #expect(Quantity.rate(rate) == text)
    }

    @Test(
        arguments: [
            (512, "512 B"), (3481, "3.4 KB"), (134_217_728, "128 MB"), (1_073_741_824, "1.0 GB"),
            (2_199_023_255_552, "2048 GB"),
        ] as [(Double, String)])
    func bytesHaveTheirUnit(_ count: Double, _ text: String) {
        #expect(Quantity.bytes(count) == text)
    }

    @Test func timesAreRead() {
        #expect(Quantity.nanoseconds("250ms") == 250_000_000 && Quantity.nanoseconds("1.5 s") == 1_500_000_000)
        #expect(Quantity.nanoseconds("2min") == 120_000_000_000 && Quantity.nanoseconds("3") == 3_000_000_000)
        #expect(Quantity.nanoseconds("2d") == 172_800_000_000_000)
        for text in ["", "s", "-1s", "1w", "nan", "1e9", "1..2", "99999999999h"] {
            #expect(Quantity.nanoseconds(text) == nil)
        }
    }
}
