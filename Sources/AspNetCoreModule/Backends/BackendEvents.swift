import Platform
import Wire

/// What the event log is told about an application's processes, in the module's numbers.
struct BackendEvents {
    let place: ApplicationPlace

    func attemptFailed(_ problem: StartProblem, attempt: Int) -> ModuleNotice {
        if problem.stage == .port {
            return event(1001, .error, "\(application) failed to choose listen port: \(problem.text)")
        }
        return event(
            1000, .warning,
            "\(application) could not start a process with command line '\(problem.commandLine)' at stage "
                + "'\(problem.stage.rawValue)', ErrorCode = '\(Self.hexadecimal(problem.code))', assigned port "
                + "\(problem.port), attempt \(attempt): \(problem.text)")
    }

    func started(_ pid: Int32, listener: Int32, at address: BackendAddress) -> ModuleNotice {
        let port =
            switch address {
            case .tcp(let address): "port '\(address.port)'"
            case .unix(let path): "socket '\(path)'"
            }
        return event(
            1001, .information,
            "Application '\(place.applicationID)' started process '\(pid)' successfully and process '\(listener)' is "
                + "listening on \(port).")
    }

    func rapidFailsExceeded(_ limit: Int) -> ModuleNotice {
        event(
            1003, .information,
            "\(application): more than '\(limit)' processes ended by themselves within a minute (rapidFailsPerMinute); "
                + "none is started until the minute is over.")
    }

    func shutdownFailed(_ pid: Int32) -> ModuleNotice {
        event(
            1005, .warning,
            "Failed to gracefully shut down process with Id '\(pid)': it did not end in time and was ended.")
    }

    func shutdownSent(_ pid: Int32, status: Int) -> ModuleNotice {
        event(
            1006, .information, "Sent shutdown HTTP message to process '\(pid)' and received http status '\(status)'.")
    }

    func startFailed(_ problem: StartProblem, attempts: Int, output: String) -> ModuleNotice {
        event(
            1020, .error,
            "\(application) failed to start a process with command line '\(problem.commandLine)' in \(attempts) "
                + "attempts; the last was told port '\(problem.port)': \(problem.text)\r\nFirst 30KB characters of captured "
                + "stdout and stderr logs from multiple retries:\r\n\(output)")
    }

    func ended(_ pid: Int32) -> ModuleNotice {
        event(1030, .information, "Application '\(place.applicationID)' has shut down process with Id '\(pid)'.")
    }

    private var application: String {
        "Application '\(place.applicationID)' with physical root '\(place.folder)/'"
    }

    private func event(_ number: UInt16, _ level: ModuleNotice.Level, _ text: String) -> ModuleNotice {
        ModuleNotice(number, level, text, site: place.siteName, application: place.path)
    }

    private static func hexadecimal(_ code: UInt32) -> String { "0x" + String(code, radix: 16) }
}

extension StartProblem {
    /// Of no error of Windows'.
    static let unspecified: UInt32 = 0x8000_4005
    static let timeout: UInt32 = 0x8007_05b4

    /// The number that Windows has for what a system call says.
    static func code(_ error: SystemError) -> UInt32 {
        switch error.code {
        case 2, 20: 0x8007_0002  // ENOENT, ENOTDIR: the file cannot be found
        case 13, 1: 0x8007_0005  // EACCES, EPERM: access is denied
        case 8: 0x8007_00c1  // ENOEXEC: not a valid application
        case 11, 12: 0x8007_000e  // EAGAIN, ENOMEM: out of memory
        case 24, 23: 0x8007_0004  // EMFILE, ENFILE: too many open files
        case 110: timeout
        default: unspecified
        }
    }
}
