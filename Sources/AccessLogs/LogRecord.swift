/// What a line `#Fields:` says stands in the lines below it.
public struct LogColumns: Equatable, Sendable {
    /// For example `cs-method`.
    public let names: [String]
    private let places: [String: Int]

    /// Of the line; nil for another one.
    init?(line: some Collection<UInt8>) {
        let mark = Array("#Fields:".utf8)
        guard line.starts(with: mark) else { return nil }
        names = line.dropFirst(mark.count).split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map {
            String(decoding: $0, as: UTF8.self)
        }
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func place(of name: String) -> Int? { places[name] }

    var line: String { "#Fields: " + names.joined(separator: " ") }
}

/// A line of an access log.
struct LogRecord {
    /// Without its end.
    let line: [UInt8]
    /// Nil where nobody says what its words mean.
    let columns: LogColumns?
    private let words: [ArraySlice<UInt8>]

    init(_ line: [UInt8], _ columns: LogColumns?) {
        self.line = line
        words = line.split(separator: 0x20, omittingEmptySubsequences: false).map { word in
            word.last == 0x0D ? word.dropLast() : word
        }
        self.columns = columns?.names.count == words.count ? columns : nil
    }

    /// Nil where the field is not logged or empty (`-`).
    subscript(name: String) -> ArraySlice<UInt8>? {
        guard let place = columns?.place(of: name), !words[place].elementsEqual([0x2D]) else { return nil }
        return words[place]
    }

    func number(_ name: String) -> UInt64? {
        self[name].flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    }

    /// Each field with its value, in order.
    var values: [(name: String, value: ArraySlice<UInt8>)] {
        (columns?.names ?? []).enumerated().map { ($1, words[$0]) }
    }

    /// When it was written. Seconds since 1970; nil where date or time is not logged.
    var seconds: Int64? {
        guard let date = self["date"], let time = self["time"] else { return nil }
        return LogTime.seconds(date, time)
    }
}

/// Dates and times of the W3C format, which are UTC.
enum LogTime {
    /// Of `2026-11-28` and `15:49:34`; nil for anything else.
    static func seconds(_ date: ArraySlice<UInt8>, _ time: ArraySlice<UInt8>) -> Int64? {
        guard let day = numbers(date, [4, 2, 2], 0x2D), let clock = numbers(time, [2, 2, 2], 0x3A),
            (1...12).contains(day[1]), (1...31).contains(day[2]), clock[0] < 24, clock[1] < 60, clock[2] < 61
        else { return nil }
        // Years begin in March here, so that the leap day is the last one.
        let year = day[1] > 2 ? day[0] : day[0] - 1
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (day[1] + (day[1] > 2 ? -3 : 9)) + 2) / 5 + day[2] - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// Of a line that begins with both, as the router writes them where it writes them.
    static func seconds(ofLine line: some RandomAccessCollection<UInt8>) -> Int64? {
        let head = Array(line.prefix(19))
        guard head.count == 19, head[10] == 0x20 else { return nil }
        return seconds(head[0..<10], head[11..<19])
    }

    private static func numbers(_ text: ArraySlice<UInt8>, _ digits: [Int], _ separator: UInt8) -> [Int64]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.count) == digits else { return nil }
        let numbers = parts.compactMap { part in
            part.allSatisfy { $0 &- 0x30 < 10 } ? part.reduce(Int64(0)) { $0 * 10 + Int64($1 &- 0x30) } : nil
        }
        return numbers.count == parts.count ? numbers : nil
    }
}
