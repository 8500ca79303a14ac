internal import Configuration
internal import Operations

/// Each way that appcmd refuses, in IIS's words (reference §7.6). The code is a Win32 error.
struct Failure: Error, Equatable {
    let lines: [String]
    let code: UInt32
    var isHelp = false
    /// Whether somebody else was faster.
    var isConflict = false

    init(lines: [String], code: UInt32, isHelp: Bool = false) {
        self.lines = lines
        self.code = code
        self.isHelp = isHelp
    }

    private init(message: String, _ code: UInt32) {
        self.init(lines: ["ERROR ( message:\(message) )"], code: code)
    }

    private static let invalidParameter: UInt32 = 87
    private static let invalidData: UInt32 = 13

    static func unknownObject(_ word: String) -> Failure {
        Failure(
            lines: [
                "Object '\(printable(word.uppercased()))' is not supported.  "
                    + "Run 'appcmd.exe /?' to display supported objects."
            ], code: invalidParameter)
    }

    static func unknownVerb(_ word: String, on object: String) -> Failure {
        Failure(
            lines: [
                "Command '\(printable(word.uppercased()))' is not supported on object '\(object)'. "
                    + "Run 'appcmd.exe \(object) /?'", "to display supported commands.",
            ], code: invalidParameter)
    }

    static func noPrefix(_ word: String) -> Failure {
        Failure(
            lines: [
                "Failed to process input: The parameter '\(printable(word))' must begin with a / or - "
                    + "(HRESULT=80070057)."
            ], code: invalidParameter)
    }

    /// Of an option that takes certain values only.
    static func badOption(_ name: String, _ value: String) -> Failure {
        Failure(
            lines: [
                "Failed to process input: The parameter '\(name)' cannot have the value '\(printable(value))' "
                    + "(HRESULT=80070057)."
            ], code: invalidParameter)
    }

    static func notFound(_ identifier: String, _ object: String) -> Failure {
        Failure(message: "Cannot find \(object) object with identifier \(quoted(identifier)).", 1168)
    }

    static func noIdentifier(_ object: String) -> Failure {
        Failure(message: "Must specify the \(object) object with identifier.", invalidParameter)
    }

    /// IIS's spelling.
    static func notExact(_ object: String, _ verb: String) -> Failure {
        Failure(message: "Must use exact identifer for \(object) object with verb \(verb).", invalidParameter)
    }

    static func unknownAttribute(_ name: String) -> Failure {
        Failure(message: "Unknown attribute \(quoted(name)).  Replace with -? for help.", invalidParameter)
    }

    static func unknownSection(_ name: String) -> Failure {
        Failure(message: "Unknown config section \(quoted(name)).  Replace with ? for help.", invalidParameter)
    }

    static func missingValue(_ name: String) -> Failure {
        Failure(message: "Must specify a value for attribute \(quoted(name)).", invalidParameter)
    }

    static func missingParameter(_ name: String, _ verb: String, _ object: String) -> Failure {
        Failure(message: "Must specify the parameter \(quoted(name)) with \(verb) \(object).", invalidParameter)
    }

    static let malformedSelector = Failure(
        message: "Malformed collection indexer format.  Expected format: "
            + "[@position,name='value',name2='value2',...].  The @position specifier is optional, and be '@start', "
            + "'@end', or '@N' where N is a numeric index into the collection.", invalidParameter)

    static let noSuchItem = Failure(message: "Cannot find requested collection element.", 4312)

    static func duplicate(_ name: String) -> Failure {
        Failure(message: "Failed to add duplicate collection element \(quoted(name)).", 183)
    }

    static func refusedItem(_ element: String, _ reason: String, isDuplicate: Bool) -> Failure {
        Failure(
            message: "New \(element) object missing required attributes. \(printable(reason))"
                + (reason.hasSuffix(".") ? "" : "."),
            isDuplicate ? 183 : invalidParameter)
    }

    /// A broken or unreadable file, or a section that may not stand where it is.
    static func configuration(_ error: ConfigurationError) -> Failure {
        let detail = error.detail.isEmpty ? "" : " (\(error.detail))"
        var description = printable(error.message + detail)
        if !description.hasSuffix(".") { description += "." }
        return Failure(
            lines: [
                "ERROR ( message:Configuration error", "Filename: \(printable(error.file))",
                "Line Number: \(error.line)", "Description: \(description)", ". )",
            ], code: win32(error.code))
    }

    /// `detail` says what of the input is no data.
    static func invalidData(_ detail: String = "") -> Failure {
        failed("8007000d", "The data is invalid." + (detail.isEmpty ? "" : " \(printable(detail))"), invalidData)
    }

    static func invalidValue(_ attribute: String, _ reason: String) -> Failure {
        failed(
            "8007000d", "The '\(printable(attribute))' attribute is invalid.  \(printable(reason))", invalidData)
    }

    static let notImplemented = failed("80004001", "Not implemented", 0x8000_4001)

    private static func failed(_ result: String, _ text: String, _ code: UInt32) -> Failure {
        Failure(
            lines: ["ERROR ( hresult:\(result), message:Command execution failed.", text, " )"], code: code)
    }

    static let noServer = Failure(
        message: "The WAS service is not available - try starting the service first.", 1062)

    /// `state` is `started` or `stopped`.
    static func alreadyInState(_ name: String, _ state: String) -> Failure {
        Failure(message: "The object \(quoted(name)) is already \(state).", state == "started" ? 1056 : 1062)
    }

    /// What the server, or the disk, says against it.
    static func instance(_ failure: InstanceFailure) -> Failure {
        switch failure.kind {
        case .notRunning: noServer
        case .denied: Failure(message: printable(failure.text), 5)
        case .conflict: conflict(printable(failure.text))
        case .exists: Failure(message: printable(failure.text), 183)
        case .missing: Failure(message: printable(failure.text), 1168)
        case .refused, .failed, .uncertain, .written: Failure(message: printable(failure.text), 31)
        case .invalid: Failure(message: printable(failure.text), invalidParameter)
        }
    }

    private static func conflict(_ text: String) -> Failure {
        var failure = Failure(message: text, 33)
        failure.isConflict = true
        return failure
    }

    /// The error that an HRESULT of its facility stands for; the whole value where it is another's.
    private static func win32(_ result: UInt32) -> UInt32 { result >> 16 == 0x8007 ? result & 0xFFFF : result }

    init(_ error: OperationError, object: String = "") {
        switch error {
        case .unknownObject(let name): self = .notFound(name, object)
        case .unknownAttribute(let name): self = .unknownAttribute(name)
        case .unknownSection(let name): self = .unknownSection(name)
        case .malformedSelector: self = .malformedSelector
        case .noSuchItem: self = .noSuchItem
        case .duplicate(let name): self = .duplicate(name)
        case .refusedItem(let element, let reason, let isDuplicate):
            self = .refusedItem(element, reason, isDuplicate: isDuplicate)
        case .invalidValue(let attribute, let reason): self = .invalidValue(attribute, reason)
        case .missingValue(let name): self = .missingValue(name)
        case .configuration(let error): self = .configuration(error)
        case .invalidData(let detail): self = .invalidData(detail)
        }
    }
}
