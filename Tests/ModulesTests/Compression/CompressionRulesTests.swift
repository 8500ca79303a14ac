import Platform
import Testing

@testable import Modules

/// MIME tables and the thresholds of the processors' use (reference §5.2, *Compression*).
struct CompressionRulesTests {
    @Test func aTypeItselfComesBeforeItsFamilyAndThatBeforeAll() {
        let types = CompressibleTypes([
            ("*/*", false), ("text/*", true), ("text/plain", false), ("application/json; charset=utf-8", true),
            ("image/*", true), ("IMAGE/PNG", false),
        ])
        for (type, isContained) in [
            ("text/html", true), ("text/plain", false), ("text/plain; charset=utf-8", false),
            ("Text/HTML;charset=x", true),
            ("application/json;charset=UTF-8", true), ("application/json", false), ("image/png", false),
            ("image/svg+xml", true), ("video/mp4", false), ("", false), ("text", false),
        ] { #expect(types.contain(type.utf8) == isContained, "\(type)") }
        #expect(CompressibleTypes([("*/*", true)]).contain("video/mp4".utf8))
        #expect(!CompressibleTypes([]).contain("text/html".utf8))
    }

    @Test func compressionStopsWhenTheProcessorsAreBusyAndGoesOnWhenTheyHaveRested() {
        var gate = ProcessorGate(closesAt: 90, opensBelow: 50)
        let decisions = [0, 89, 90, 70, 50, 49, 89, 100].map { gate.isOpen(at: $0) }
        #expect(decisions == [true, true, false, false, false, true, true, false])
        var never = ProcessorGate(closesAt: 0, opensBelow: 50)
        #expect([0, 0].map { never.isOpen(at: $0) } == [false, false])
    }

    @Test func theProcessorsAreLookedAtEveryThirtySeconds() {
        var times = ProcessorTimes(busy: 1000, idle: 1000)
        var looks = 0
        let use = ProcessorUse {
            looks += 1
            return times
        }
        #expect(use.percent(now: 5) == 0)
        times = ProcessorTimes(busy: 1075, idle: 1025)
        #expect(use.percent(now: 30_004) == 0 && looks == 1)
        #expect(use.percent(now: 30_005) == 75 && use.percent(now: 60_004) == 75 && looks == 2)
        times = ProcessorTimes(busy: 1075, idle: 1125)
        #expect(use.percent(now: 60_005) == 0)
        // Nobody asked for long: the time before says nothing.
        times = ProcessorTimes(busy: 9999, idle: 1125)
        #expect(use.percent(now: 1_000_000) == 0)
    }
}
