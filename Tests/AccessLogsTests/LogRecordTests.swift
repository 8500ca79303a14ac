import Testing

@testable import AccessLogs

private let columns = LogColumns(
    line: Array("#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status sc-substatus time-taken".utf8))

private func record(_ text: String) -> LogRecord { LogRecord(Array(text.utf8), columns) }

@Suite struct LogRecordTests {
    private let line = "2026-11-28 15:49:34 GET /Shop/a - 10.0.0.1 404 3 1250"

    @Test func timesAreSecondsOfUTC() {
        #expect(record(line).seconds == 1_795_880_974)
        #expect(LogTime.seconds(Array("2000-02-29".utf8)[...], Array("00:00:00".utf8)[...]) == 951_782_400)
        #expect(LogTime.seconds(Array("2000-13-01".utf8)[...], Array("00:00:00".utf8)[...]) == nil)
    }

    @Test func statusIsOneOrAClass() {
        for (text, isWanted) in [("404", true), ("404.3", true), ("404.4", false), ("4xx", true), ("5xx", false)] {
            var filter = LogFilter()
            filter.statuses = [LogFilter.Status(text)].compactMap(\.self)
            #expect(filter.accepts(record(line)) == isWanted, "\(text)")
        }
        for text in ["", "4", "4x", "xxx", "5xx.1", "404.", "404.x", "0xx"] { #expect(LogFilter.Status(text) == nil) }
    }

    @Test func pathAndTimeAreChosen() {
        var filter = LogFilter()
        filter.url = "/shop"
        filter.slow = 1000
        #expect(filter.accepts(record(line)))
        filter.slow = 1251
        #expect(!filter.accepts(record(line)))
        filter.slow = nil
        filter.since = 1_795_880_975
        #expect(!filter.accepts(record(line)))
    }

    @Test func whatIsNotLoggedIsAHyphen() {
        var output = LogOutput(.readable)
        let few = LogColumns(line: Array("#Fields: cs-method cs-uri-stem".utf8))
        let text = output.text(LogRecord(Array("GET /a".utf8), few))
        #expect(text.split(separator: " ").joined(separator: " ") == "- - - - GET /a -\n")
    }

    @Test func aReadableLineHasWhatAPersonWants() {
        var output = LogOutput(.readable)
        #expect(output.text(record(line)) == "2026-11-28 15:49:34  404.3      1250 ms  GET     /Shop/a  10.0.0.1\n")
    }

    @Test func noByteSteersATerminal() {
        var output = LogOutput(.w3c)
        let evil = Array("2026-11-28 15:49:34 GET /\u{1B}[31m".utf8) + [0xFF, 0xC3] + Array("é - 1 200 0 1".utf8)
        let text = output.text(LogRecord(evil, columns))
        #expect(text.hasSuffix("GET /\\u001b[31m\\xff\\xc3é - 1 200 0 1\n"))
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0xFFFD })
    }

    @Test func jsonHasNumbersAndNull() {
        var output = LogOutput(.json)
        #expect(
            output.text(record(line))
                == #"{"date":"2026-11-28","time":"15:49:34","cs-method":"GET","cs-uri-stem":"/Shop/a","cs-uri-query":null,"#
                + #""c-ip":"10.0.0.1","sc-status":404,"sc-substatus":3,"time-taken":1250}"# + "\n")
    }

    @Test func onlyTheRoutersNamesAreLogs() {
        for name in [
            "u_ex2611.log", "u_ex261128.log", "u_ex26112815.log", "u_extend1.log", "u_extend12_x.log",
            "u_ex261128_x.log",
        ] {
            #expect(LogFolderListing.isLog(name), "\(name)")
        }
        for name in ["u_ex.log", "u_ex26.log", "u_extend.log", "u_ex261128.log.gz", "u_exabcdef.log", "x.log"] {
            #expect(!LogFolderListing.isLog(name), "\(name)")
        }
    }

    @Test func momentsAreTypedInSeveralForms() {
        #expect(LogMoment.seconds("1h", now: 10_000) == 6400)
        #expect(LogMoment.seconds("90", now: 10_000) == 9910 && LogMoment.seconds("1d", now: 10_000) == 0)
        #expect(LogMoment.seconds("2000-02-29", now: 0) == 951_782_400)
        #expect(LogMoment.seconds("2000-02-29T00:01", now: 0) == 951_782_460)
        for text in ["", "h", "-1h", "1w", "2000-02", "2000-02-29X00:00"] {
            #expect(LogMoment.seconds(text, now: 0) == nil)
        }
    }
}

@Suite struct LogPiecesTests {
    @Test func linesComeFromTheEndWhateverThePieces() {
        let text =
            "#Fields: a\n" + (0..<9000).map { "line \($0) \(String(repeating: "x", count: $0 % 40))\n" }.joined()
            + "part"
        let bytes = Array(text.utf8)
        var pieces = BackwardPieces(length: Int64(bytes.count))
        var lines: [String] = []
        while true {
            if let (line, offset) = pieces.next() {
                #expect(Array(bytes[Int(offset)..<Int(offset) + line.count]) == line)
                lines.append(String(decoding: line, as: UTF8.self))
            } else if let (start, count) = pieces.wanted {
                pieces.take(Array(bytes[Int(start)..<Int(start) + count]))
            } else {
                break
            }
        }
        #expect(lines.reversed() == text.split(separator: "\n").dropLast().map(String.init))
        #expect(pieces.end == Int64(bytes.count - 4))
    }

    @Test func aStretchWithoutLinesIsPassedOver() {
        let bytes = Array("first\n".utf8) + [UInt8](repeating: 0, count: 3 << 20) + Array("\nlast\n".utf8)
        var pieces = BackwardPieces(length: Int64(bytes.count))
        var lines: [[UInt8]] = []
        while true {
            if let (line, _) = pieces.next() {
                lines.append(line)
            } else if let (start, count) = pieces.wanted {
                pieces.take(Array(bytes[Int(start)..<Int(start) + count]))
            } else {
                break
            }
        }
        #expect(lines == [Array("last".utf8), Array("first".utf8)])
    }

    @Test func fieldsMayChangeInTheMiddle() {
        var lines = ForwardLines(offset: 0, columns: nil)
        let text = "#Fields: cs-method sc-status\nGET 200\n#Fields: sc-status cs-method\n404 PO"
        let first = lines.take(Array(text.utf8))
        let second = lines.take(Array("ST\n".utf8))
        #expect((first + second).map { $0.number("sc-status") } == [200, 404])
        #expect(second[0]["cs-method"].map(Array.init) == Array("POST".utf8))
        #expect(lines.end == Int64(text.utf8.count + 3))
    }
}
