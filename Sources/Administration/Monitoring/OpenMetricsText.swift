internal import Wire

/// A server's metrics as OpenMetrics 1.0 text, which Prometheus reads.
///
/// Bytes are appended one by one, no text is put together for a line: ten thousand sites are some 30 MB.
public struct OpenMetricsText {
    public static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// How `status` is written, by the status' first digit; `none` is a request without an answer.
    private static let statuses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]
    /// The histograms' upper bounds: powers of two milliseconds, from 1 ms to 16.384 s, in seconds.
    private static let bounds: [(bucket: Int, text: [UInt8])] = (0...14).map { exponent in
        let milliseconds = 1 << exponent
        var digits = "\(milliseconds % 1000)"
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        return (
            LatencyScale.bucket(upToMillisecondsOfTwoToThe: exponent),
            Array("\(milliseconds / 1000).\(digits)".utf8)
        )
    }

    private var output: [UInt8] = []

    public static func bytes(_ metrics: ServerMetrics) -> [UInt8] {
        var text = OpenMetricsText()
        text.output.reserveCapacity(4096 + 3400 * (metrics.sites.count + metrics.pools.count))
        text.append(metrics)
        return text.output
    }

    private mutating func append(_ metrics: ServerMetrics) {
        family("hostelry_build", "info", help: "The version of the server.")
        sample(Array("hostelry_build_info".utf8), Self.label("version", metrics.version), 1)
        appendProcesses(metrics)
        let unrouted = metrics.unrouted.map { [(labels: [UInt8](), traffic: $0)] } ?? []
        appendRequests("hostelry_unrouted", "Requests that were refused before a site was found for them", unrouted)
        let sites = metrics.sites.map { (labels: Self.label("site", $0.name), traffic: $0.traffic) }
        appendTraffic("hostelry_site", "site", sites)
        let pools = metrics.pools.compactMap { pool in
            pool.traffic.map { (labels: Self.label("pool", pool.name), traffic: $0) }
        }
        appendTraffic("hostelry_pool", "pool", pools)
        append(metrics.pools)
        append("# EOF\n")
    }

    private mutating func appendProcesses(_ metrics: ServerMetrics) {
        let processes = [("master", metrics.master)] + (metrics.router.map { [("router", $0)] } ?? [])
        let rows = processes.map { (Self.label("role", $0), $1) }
        gauge(
            "hostelry_process_memory_bytes", unit: "bytes", help: "Private memory of the server's own processes.",
            rows.map { ($0, $1.memory) })
        gauge(
            "hostelry_process_uptime_seconds", unit: "seconds", help: "How long the server's own processes have run.",
            rows.map { ($0, $1.uptime) })
        gauge("hostelry_connections", help: "Connections of clients that are open.", [([], metrics.connections)])
    }

    private mutating func append(_ pools: [ServerMetrics.Pool]) {
        let rows = pools.map { (labels: Self.label("pool", $0.name), pool: $0) }
        gauge(
            "hostelry_pool_started", help: "1 where the pool takes requests, else 0.",
            rows.map { ($0.labels, $0.pool.state == "started" || $0.pool.state == "starting" ? 1 : 0) })
        gauge("hostelry_pool_workers", help: "Worker processes of the pool.", rows.map { ($0.labels, $0.pool.workers) })
        gauge(
            "hostelry_pool_queued_requests", help: "Requests that wait for a worker of the pool.",
            rows.map { ($0.labels, $0.pool.queued) })
        gauge(
            "hostelry_pool_active_requests", help: "Requests that the pool's workers have in work.",
            rows.map { ($0.labels, $0.pool.inWork) })
        gauge(
            "hostelry_pool_memory_bytes", unit: "bytes", help: "Private memory of the pool's workers together.",
            rows.map { ($0.labels, $0.pool.memory) })
        gauge(
            "hostelry_pool_uptime_seconds", unit: "seconds",
            help: "How long the worker of the pool has run that has run longest.",
            rows.map { ($0.labels, $0.pool.uptime) })
        counter(
            "hostelry_pool_worker_starts", help: "Worker processes that were started.",
            rows.map { ($0.labels, $0.pool.restarts.started, $0.pool.restartsSince) })
        counter(
            "hostelry_pool_worker_recycles", help: "Worker processes that were to be replaced.",
            rows.map { ($0.labels, $0.pool.restarts.recycled, $0.pool.restartsSince) })
        counter(
            "hostelry_pool_worker_failures",
            help: "Worker processes that crashed, hung, did not come up or broke the protocol.",
            rows.map { ($0.labels, $0.pool.restarts.crashed, $0.pool.restartsSince) })
    }

    // MARK: Traffic

    private typealias Row = (labels: [UInt8], traffic: ServerMetrics.Traffic)

    private mutating func appendTraffic(_ name: String, _ subject: String, _ rows: [Row]) {
        appendRequests(name, "Requests of the \(subject)", rows)
        counter(
            "\(name)_received_bytes", unit: "bytes", help: "Bytes that clients of the \(subject) sent.",
            rows.map { ($0.labels, $0.traffic.counts.received, $0.traffic.since) })
        counter(
            "\(name)_sent_bytes", unit: "bytes", help: "Bytes that clients of the \(subject) were sent.",
            rows.map { ($0.labels, $0.traffic.counts.sent, $0.traffic.since) })
        appendLatencies(
            "\(name)_request_duration_seconds",
            "From a request's first byte until its answer was written, of answered requests of the \(subject).", rows)
    }

    private mutating func appendRequests(_ name: String, _ help: String, _ rows: [Row]) {
        guard !rows.isEmpty else { return }
        let name = "\(name)_requests"
        family(name, "counter", help: "\(help), by the first digit of their status; none: without an answer.")
        let total = Array("\(name)_total{".utf8)
        let created = Array("\(name)_created{".utf8)
        let statuses = Self.statuses.map { Array("status=\"\($0)\"} ".utf8) }
        for row in rows {
            let since = Array("\(row.traffic.since)\n".utf8)
            let labels = row.labels.isEmpty ? [] : row.labels + [UInt8(ascii: ",")]
            for index in statuses.indices {
                output += total
                output += labels
                output += statuses[index]
                append(row.traffic.counts.answers[index])
                output.append(UInt8(ascii: "\n"))
                output += created
                output += labels
                output += statuses[index]
                output += since
            }
        }
    }

    private mutating func appendLatencies(_ name: String, _ help: String, _ rows: [Row]) {
        guard !rows.isEmpty else { return }
        family(name, "histogram", unit: "seconds", help: help)
        let bucket = Array("\(name)_bucket{".utf8)
        let last = Array(",le=\"+Inf\"} ".utf8)
        let (count, sum) = (Array("\(name)_count".utf8), Array("\(name)_sum".utf8))
        let created = Array("\(name)_created".utf8)
        let bounds = Self.bounds.map { ($0.bucket, Array(",le=\"".utf8) + $0.text + Array("\"} ".utf8)) }
        for row in rows {
            let counts = row.traffic.counts
            var below: UInt64 = 0
            var position = 0
            for (end, bound) in bounds {
                while position <= end {
                    below &+= counts.latencies[position]
                    position += 1
                }
                output += bucket
                output += row.labels
                output += bound
                append(below)
                output.append(UInt8(ascii: "\n"))
            }
            while position < LatencyScale.count {
                below &+= counts.latencies[position]
                position += 1
            }
            output += bucket
            output += row.labels
            output += last
            append(below)
            output.append(UInt8(ascii: "\n"))
            sample(count, row.labels, below)
            start(sum, row.labels)
            append(counts.duration / 1_000_000_000)
            output.append(UInt8(ascii: "."))
            let rest = "\(counts.duration % 1_000_000_000)"
            output += repeatElement(UInt8(ascii: "0"), count: 9 - rest.utf8.count)
            output += rest.utf8
            output.append(UInt8(ascii: "\n"))
            sample(created, row.labels, UInt64(max(0, row.traffic.since)))
        }
    }

    // MARK: Families and lines

    private mutating func gauge(
        _ name: String, unit: String? = nil, help: String, _ rows: [(labels: [UInt8], value: UInt64?)]
    ) {
        guard rows.contains(where: { $0.value != nil }) else { return }
        family(name, "gauge", unit: unit, help: help)
        let name = Array(name.utf8)
        for row in rows { if let value = row.value { sample(name, row.labels, value) } }
    }

    private mutating func counter(
        _ name: String, unit: String? = nil, help: String, _ rows: [(labels: [UInt8], value: UInt64, since: Int64)]
    ) {
        guard !rows.isEmpty else { return }
        family(name, "counter", unit: unit, help: help)
        let (total, created) = (Array("\(name)_total".utf8), Array("\(name)_created".utf8))
        for row in rows {
            sample(total, row.labels, row.value)
            sample(created, row.labels, UInt64(max(0, row.since)))
        }
    }

    private mutating func family(_ name: String, _ type: String, unit: String? = nil, help: String) {
        append("# TYPE \(name) \(type)\n")
        if let unit { append("# UNIT \(name) \(unit)\n") }
        append("# HELP \(name) \(help)\n")
    }

    private mutating func sample(_ name: [UInt8], _ labels: [UInt8], _ value: UInt64) {
        start(name, labels)
        append(value)
        output.append(UInt8(ascii: "\n"))
    }

    private mutating func start(_ name: [UInt8], _ labels: [UInt8]) {
        output += name
        if !labels.isEmpty {
            output.append(UInt8(ascii: "{"))
            output += labels
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: " "))
    }

    /// `name="value"`, where the value may be any text.
    private static func label(_ name: String, _ value: String) -> [UInt8] {
        var label = Array("\(name)=\"".utf8)
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): label += "\\\\".utf8
            case UInt8(ascii: "\""): label += "\\\"".utf8
            case UInt8(ascii: "\n"): label += "\\n".utf8
            default: label.append(byte)
            }
        }
        label.append(UInt8(ascii: "\""))
        return label
    }

    private mutating func append(_ text: String) { output += text.utf8 }

    private mutating func append(_ number: UInt64) {
        guard number > 9 else { return output.append(UInt8(ascii: "0") + UInt8(number)) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        var rest = number
        while rest > 0 {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        for index in first..<digits.count { output.append(digits[index]) }
    }
}
