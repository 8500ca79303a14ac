internal import Administration
internal import Glibc
internal import Platform

/// Starts this program again for one errand, and takes its answer.
enum ErrandProcess {
    /// A file on a share that hangs is not waited for longer. Unit: milliseconds.
    static let patience: UInt64 = 20_000
    /// Twice the largest file, in escapes of six bytes each. Unit: bytes.
    private static let answerLimit = 4 << 20

    /// Waits. `identity`: whom the process runs as; nil: this one's user.
    static func perform(
        _ errand: WebConfigErrand, as identity: ProcessSpecification.Identity?
    ) throws(ControlRefusal) -> WebConfigReport {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try answer(to: errand, identity)
        } catch {
            throw ControlRefusal(.failed, "The file cannot be looked at: \(error).")
        }
        return try report(bytes)
    }

    private static func answer(
        to errand: WebConfigErrand, _ identity: ProcessSpecification.Identity?
    ) throws(SystemError) -> [UInt8]? {
        let input = try FileDescriptor.sealedMemory(Array(errand.line.utf8), name: "errand")
        let started = try start(input.number, identity)
        return try answer(started.process, started.stream)
    }

    private struct Started: ~Copyable {
        let process: ChildProcess
        let stream: FileDescriptor
    }

    private static func start(
        _ input: Int32, _ identity: ProcessSpecification.Identity?
    ) throws(SystemError) -> Started {
        let pair = try FileDescriptor.streamPair()
        // Whatever lies at the program's path by now, and whoever may pass through its folders.
        var specification = ProcessSpecification(
            executable: "/proc/self/exe", arguments: ["hostelry", WebConfigClerk.argument])
        specification.environment = [
            (name: "PATH", value: "/usr/bin:/bin"), (name: "LANG", value: "C.UTF-8"),
            (name: "SWIFT_BACKTRACE", value: "enable=no"),
        ]
        specification.directory = "/"
        specification.identity = identity
        specification.limits = [.openFiles(atMost: 64), .noCoreFile(forGood: true)]
        // 2 is /dev/null: the tenant's user has no hold on the master's own log.
        specification.descriptors = [(0, input), (1, pair.other.number)]
        specification.hasOwnSession = true
        specification.forbidsNewPrivileges = true
        // A new file is the site's to read by whoever could read its folder.
        specification.fileMask = 0o022
        return Started(process: try ChildProcess.start(specification), stream: pair.one)
    }

    /// What the process says until it ends; nil where it does not in time. It has ended when this returns.
    private static func answer(
        _ process: ChildProcess, _ stream: borrowing FileDescriptor
    ) throws(SystemError) -> [UInt8]? {
        let end = MonotonicClock.nanoseconds() + patience * 1_000_000
        var bytes: [UInt8] = []
        var isWhole = false
        while !isWhole, bytes.count <= answerLimit {
            let now = MonotonicClock.nanoseconds()
            guard now < end, stream.waitForInput(timeout: Int32((end - now) / 1_000_000 + 1)) else { break }
            do throws(SystemError) {
                isWhole = try !stream.receive(into: &bytes)
            } catch {
                guard error.code == EAGAIN else { break }
            }
        }
        if !isWhole { process.signal(SIGKILL) }
        // One that a share holds cannot be killed, and is let go of.
        _ = try process.waitForExit(timeout: 5000)
        return isWhole ? bytes : nil
    }

    private static func report(_ bytes: [UInt8]?) throws(ControlRefusal) -> WebConfigReport {
        guard let bytes else {
            throw ControlRefusal(.busy, "The file's folder does not answer within \(patience / 1000) s.")
        }
        switch ControlAnswer(line: bytes) {
        case .done(let members)?:
            guard let report = WebConfigReport(members) else { break }
            return report
        case .refused(let refusal)?: throw refusal
        case nil: break
        }
        throw ControlRefusal(.failed, "The process that looks at the file ended without an answer.")
    }
}
