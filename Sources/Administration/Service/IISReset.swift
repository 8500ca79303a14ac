/// What `iisreset` is told, as IIS's own takes it: words in any case of letters, with `/` or `-`.
public struct IISReset: Equatable, Sendable {
    public enum Action: Equatable, Sendable { case restart, start, stop, status, help }

    public struct Refusal: Error, Equatable, Sendable {
        public let reason: String
    }

    public var action: Action
    /// Whether a server that does not end in time is ended with requests in work.
    public var isForced = true
    /// How long requests have to be finished. Unit: seconds. IIS: 20 for a restart, 60 for a stop.
    public var timeout: Int

    /// More is no time-out. Unit: seconds.
    private static let longestTimeout = 86_400

    public init(_ words: [String]) throws(Refusal) {
        var action: Action?
        var timeout: Int?
        isForced = true
        for word in words {
            guard let first = word.first, first == "/" || first == "-" else {
                throw Refusal(reason: "\(word): another computer's server is not reached; run iisreset there")
            }
            let parts = word.drop { $0 == "/" || $0 == "-" }.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first?.lowercased() ?? ""
            let value = parts.count > 1 ? String(parts[1]) : nil
            if name == "timeout" {
                guard let seconds = value.flatMap({ Int($0) }), (0...Self.longestTimeout).contains(seconds) else {
                    throw Refusal(reason: "\(word): expected /timeout: and a number of seconds")
                }
                timeout = seconds
                continue
            }
            guard value == nil else { throw Refusal(reason: "\(word): only /timeout has a value") }
            switch name {
            case "noforce": isForced = false
            case "reboot", "rebootonerror":
                throw Refusal(reason: "\(word): this computer is not restarted; type: systemctl reboot")
            case "enable", "disable":
                throw Refusal(
                    reason:
                        "\(word): iisreset is not switched on and off here; who may stop the server is decided by who "
                        + "may reach its state folder. Whether it starts with the computer: systemctl \(name) hostelry")
            default:
                let known: [String: Action] = [
                    "restart": .restart, "start": .start, "stop": .stop, "status": .status, "?": .help, "help": .help,
                ]
                guard let asked = known[name] else { throw Refusal(reason: "\(word): there is no such option") }
                guard action == nil || action == asked else {
                    throw Refusal(reason: "\(word): say one of /restart, /start, /stop and /status")
                }
                action = asked
            }
        }
        self.action = action ?? .restart
        self.timeout = timeout ?? (self.action == .stop ? 60 : 20)
    }

    public static let help = """
        Usage: iisreset [OPTION ...]

          /restart       Stops the server and starts it again. Done where nothing else is asked for.
          /start         Starts the server.
          /stop          Stops the server.
          /status        Tells of each service whether it runs.
          /noforce       A server that does not end in time is left to finish its requests.
          /timeout:N     So many seconds requests have to be finished: 20 for a restart, 60 for a stop.

        Not here: another computer's name, /reboot, /rebootonerror, /enable, /disable.

        """
}

/// Who starts the server of an instance.
public enum ServiceKeeper: Equatable, Sendable {
    /// systemd, by the unit's name.
    case systemd(unit: String)
    /// Nobody: a server that was started by hand, with the words and in the folder that it was started with.
    case nobody
    /// It is the container's first process, which ends with it.
    case container

    /// - Parameters:
    ///   - pid: the running server's; nil where none runs.
    ///   - service: the service of systemd that it belongs to.
    ///   - isMainProcess: whether it is that service's main process, and not started in another's.
    ///   - hasUnit: whether systemd knows hostelry.service, and the instance is the one that it runs.
    public init(pid: Int32?, service: String?, isMainProcess: Bool, hasUnit: Bool) {
        if pid == 1 {
            self = .container
        } else if let service, isMainProcess {
            self = .systemd(unit: service)
        } else if pid == nil, hasUnit {
            self = .systemd(unit: Self.usualUnit)
        } else {
            self = .nobody
        }
    }

    public static let usualUnit = "hostelry.service"
}
