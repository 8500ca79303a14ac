import Testing

@testable import Platform

struct ProcessorTimesTests {
    @Test func theFirstLineOfStatIsWorkAndRest() {
        // proc(5): user nice system idle iowait irq softirq steal guest guest_nice; guests are counted as users already.
        let text = "cpu  100 20 30 400 50 6 7 8 90 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
        #expect(ProcessorTimes(Array(text.utf8)) == ProcessorTimes(busy: 171, idle: 450))
        for text in ["", "intr 1 2 3 4 5 6 7 8\n", "cpu 1 2 3\n", "cpu a b c d e f g h\n"] {
            #expect(ProcessorTimes(Array(text.utf8)) == nil)
        }
        #expect(ProcessorTimes.now() != nil)
    }

    @Test func useIsTheShareOfWork() {
        let start = ProcessorTimes(busy: 1000, idle: 5000)
        #expect(ProcessorTimes(busy: 1090, idle: 5010).use(since: start) == 90)
        #expect(ProcessorTimes(busy: 1001, idle: 5002).use(since: start) == 33)
        #expect(start.use(since: start) == 0 && ProcessorTimes(busy: 1, idle: 9000).use(since: start) == 0)
    }
}
