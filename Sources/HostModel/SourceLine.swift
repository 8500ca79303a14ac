/// The line something stands at. It takes no part in comparisons: an edit further up moves lines and changes nothing.
public struct SourceLine: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// From 1; 0 where no line is known.
    public let number: Int

    public init(_ number: Int) { self.number = number }

    public init(integerLiteral number: Int) { self.number = number }

    public static func == (one: SourceLine, other: SourceLine) -> Bool { true }

    public func hash(into hasher: inout Hasher) {}
}

extension SourceLine {
    func moved(by lines: Int) -> SourceLine { SourceLine(number + lines) }
}

extension Problem {
    func moved(by lines: Int) -> Problem {
        guard lines != 0 else { return self }
        return Problem(severity, file: file, line: line.number + lines, object: object, message)
    }
}

extension Binding {
    func moved(by lines: Int) -> Binding {
        var moved = self
        moved.line = line.moved(by: lines)
        return moved
    }
}

extension Application {
    func moved(by lines: Int) -> Application {
        var moved = self
        moved.line = line.moved(by: lines)
        moved.quarantine = quarantine.map { $0.moved(by: lines) }
        moved.virtualDirectories = virtualDirectories.map { directory in
            var directory = directory
            directory.line = directory.line.moved(by: lines)
            return directory
        }
        return moved
    }
}

extension ApplicationPool {
    func moved(to line: Int) -> ApplicationPool {
        guard line != self.line.number else { return self }
        var moved = self
        moved.quarantine = quarantine.map { $0.moved(by: line - self.line.number) }
        moved.line = SourceLine(line)
        return moved
    }
}

extension String {
    /// Whether both are the same text but for the case of letters.
    func isSame(ignoringCaseAs other: String) -> Bool {
        if self == other { return true }
        // Lower case may have another length beyond ASCII, where folding costs a copy.
        if utf8.count != other.utf8.count, utf8.allSatisfy({ $0 < 128 }), other.utf8.allSatisfy({ $0 < 128 }) {
            return false
        }
        for (one, two) in zip(utf8, other.utf8) {
            if one >= 128 || two >= 128 { return lowercased() == other.lowercased() }
            let isLetter = (one | 0x20) &- 0x61 < 26
            guard one == two || isLetter && one ^ two == 0x20 else { return false }
        }
        return true
    }
}
