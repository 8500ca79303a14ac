import Administration
import Testing

/// What the lines must be follows from the OpenMetrics 1.0 specification.
struct OpenMetricsTextTests {
    let lines = String(decoding: OpenMetricsText.bytes(SampleMetrics.metrics), as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)

    func lines(with prefix: String) -> [Substring] { lines.filter { $0.hasPrefix(prefix) } }

    @Test func theLastLineSaysThatItIs() {
        #expect(lines.suffix(2) == ["# EOF", ""])
    }

    @Test func aCounterHasATotalAndItsBeginning() {
        #expect(lines(with: "# TYPE hostelry_site_requests ") == ["# TYPE hostelry_site_requests counter"])
        let labels = #"{site="a \"b\\\n",status="#
        #expect(
            lines(with: "hostelry_site_requests_total") == [
                "hostelry_site_requests_total\(labels)\"none\"} 1", "hostelry_site_requests_total\(labels)\"1xx\"} 0",
                "hostelry_site_requests_total\(labels)\"2xx\"} 8", "hostelry_site_requests_total\(labels)\"3xx\"} 0",
                "hostelry_site_requests_total\(labels)\"4xx\"} 1", "hostelry_site_requests_total\(labels)\"5xx\"} 2",
            ])
        #expect(lines(with: "hostelry_site_requests_created").allSatisfy { $0.hasSuffix("} 6") })
        #expect(
            lines(with: "hostelry_unrouted_requests_total").contains(
                #"hostelry_unrouted_requests_total{status="4xx"} 2"#))
    }

    @Test func aHistogramsBucketsHoldThoseBelow() {
        let name = "hostelry_pool_request_duration_seconds"
        #expect(lines(with: "# UNIT \(name) ") == ["# UNIT \(name) seconds"])
        let buckets = lines(with: "\(name)_bucket")
        #expect(buckets.count == 16)
        // Nine in the bucket up to 1 ms, two beyond every bound.
        #expect(buckets.first == "\(name)_bucket{pool=\"Main\",le=\"0.001\"} 9")
        #expect(buckets[11] == "\(name)_bucket{pool=\"Main\",le=\"2.048\"} 9")
        #expect(buckets[14] == "\(name)_bucket{pool=\"Main\",le=\"16.384\"} 9")
        #expect(buckets[15] == "\(name)_bucket{pool=\"Main\",le=\"+Inf\"} 11")
        #expect(lines(with: "\(name)_count") == ["\(name)_count{pool=\"Main\"} 11"])
        #expect(lines(with: "\(name)_sum") == ["\(name)_sum{pool=\"Main\"} 1.500000001"])
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(
            lines(with: "hostelry_process_memory_bytes{") == [#"hostelry_process_memory_bytes{role="master"} 1024"#])
        #expect(lines(with: "hostelry_pool_queued_requests{") == [#"hostelry_pool_queued_requests{pool="Main"} 0"#])
        #expect(
            lines(with: "hostelry_pool_started{") == [
                #"hostelry_pool_started{pool="Main"} 1"#, #"hostelry_pool_started{pool="Idle"} 0"#,
            ])
    }
}
