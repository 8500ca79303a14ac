import Pipeline
import Platform

/// Brings output into its log file, in order, without the loop ever waiting for a disk. Whatever the disk is too slow for
/// is left out, and the file says how much: a program never waits for its log.
final class OutputLogWriter {
    /// So much waits for the disk at most. Unit: bytes.
    private static let waitingLimit = 4 << 20
    /// After a failure nothing is tried for so long. Unit: milliseconds.
    private static let pause: UInt64 = 1000

    private let file: OutputLogFile
    private let services: any ModuleServices
    private let failed: (FileError, _ isOpening: Bool) -> Void
    private var waiting: [UInt8] = []
    private var isBusy = false
    /// Bytes that no file has, since it was last said.
    private var lost = 0
    /// Whether the administrator knows that nothing can be written.
    private var isTold = false
    private var retryTime: UInt64 = 0
    private var isOpened = false
    private var whenWritten: [() -> Void] = []

    /// `failed` is called once for each time that nothing can be written.
    init(
        _ file: OutputLogFile, services: any ModuleServices,
        failed: @escaping (FileError, _ isOpening: Bool) -> Void
    ) {
        self.file = file
        self.services = services
        self.failed = failed
        isBusy = true
        services.perform({ [file] in file.open() }, then: { self.opened($0) })
    }

    private func opened(_ error: FileError?) {
        isBusy = false
        isOpened = error == nil
        if let error {
            failed(error, true)
            waiting = []
            return tellWritten()
        }
        next()
    }

    /// False where there is no file.
    var isInForce: Bool { isBusy || isOpened }

    func append(_ bytes: [UInt8]) {
        guard isInForce else { return }
        guard waiting.count + bytes.count <= Self.waitingLimit, services.now >= retryTime else {
            lost += bytes.count
            return
        }
        waiting += bytes
        next()
    }

    /// Calls `action` once all that was appended before is in the file, or lost.
    func afterWriting(_ action: @escaping () -> Void) {
        guard isBusy else { return action() }
        whenWritten.append(action)
    }

    private func next() {
        guard !isBusy else { return }
        guard !waiting.isEmpty else { return tellWritten() }
        isBusy = true
        var bytes = waiting
        waiting = []
        let missing = lost
        if missing > 0 {
            bytes =
                Array("\n[\(missing) bytes of output are left out here: the disk was full, or too slow]\n".utf8) + bytes
        }
        services.perform({ [file, bytes] in file.write(bytes) }, then: { self.wrote($0, missing) })
    }

    private func wrote(_ outcome: OutputLogFile.Outcome, _ said: Int) {
        isBusy = false
        lost += outcome.lost
        if let failure = outcome.failure {
            retryTime = services.now + Self.pause
            lost += waiting.count
            waiting = []
            if !isTold { failed(failure, false) }
            isTold = true
        } else {
            lost -= said
            isTold = false
        }
        next()
    }

    private func tellWritten() {
        let actions = whenWritten
        whenWritten = []
        for action in actions { action() }
    }
}
