import AccessLogs
import Administration
import Arguments
import Configuration
import Events
import Glibc
import HostModel
import Platform

/// A site's access log.
extension Execution {
    static func logs(_ invocation: Invocation) -> Int32 {
        let filter: LogFilter
        do throws(LogMisuse) {
            filter = try logFilter(invocation)
        } catch {
            StandardError.write(
                Array("hostelry logs: \(LineText.printable(error.reason))\nTry 'hostelry logs --help'.\n".utf8))
            return UsageError.exitStatus
        }
        let model: HostModel
        do throws(ConfigurationError) {
            model = HostModel.build(try server(invocation))
        } catch {
            return fail(error.description)
        }
        let name = invocation.operand(Commands.siteName) ?? ""
        guard let site = model.sites.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            let names = model.sites.prefix(10).map { "\"\($0.name)\"" }.joined(separator: ", ")
            return fail("there is no site \"\(name)\"" + (names.isEmpty ? "" : "; there are \(names)"))
        }
        do throws(LogPlace.Absence) {
            let place = try LogPlace(of: site, in: model, stateFolder: statePath(invocation))
            var wanted = filter
            wanted.siteMark = place.siteMark
            return show(place.folder, wanted, site, invocation)
        } catch {
            return fail("\(error.reason); type: \(error.command)\(placeOptions(invocation))")
        }
    }

    /// What a command for this instance is told besides, where it is not the machine's.
    static func placeOptions(_ invocation: Invocation) -> String {
        [Commands.configuration, Commands.state].map { option in
            invocation.text(option).map { " \(option.name) \(ShellWord.quoted(Places.absolute($0)))" } ?? ""
        }.joined()
    }

    private struct LogMisuse: Error {
        let reason: String
    }

    private static func logFilter(_ invocation: Invocation) throws(LogMisuse) -> LogFilter {
        guard !invocation.has(Commands.logW3C) || !invocation.has(Commands.logJSON) else {
            throw LogMisuse(reason: "--w3c and --json exclude each other")
        }
        var filter = LogFilter()
        for text in invocation.texts(Commands.logStatus) {
            guard let status = LogFilter.Status(text) else {
                throw LogMisuse(reason: "--status \(text): expected 404, 404.3 or 5xx")
            }
            filter.statuses.append(status)
        }
        filter.url = invocation.text(Commands.logURL) ?? ""
        if let text = invocation.text(Commands.logSlow) {
            guard let slow = Quantity.nanoseconds(text) else {
                throw LogMisuse(reason: "--slow \(text): expected for example 250ms or 1s")
            }
            filter.slow = slow / 1_000_000
        }
        if let text = invocation.text(Commands.logSince) {
            guard let since = LogMoment.seconds(text, now: WallClock.seconds()) else {
                throw LogMisuse(reason: "--since \(text): expected for example 15m, 1h, 2d or 2026-11-28T15:04")
            }
            filter.since = since
        }
        return filter
    }

    private static func show(_ folder: String, _ filter: LogFilter, _ site: Site, _ invocation: Invocation) -> Int32 {
        let form: LogOutput.Form =
            invocation.has(Commands.logJSON) ? .json : invocation.has(Commands.logW3C) ? .w3c : .readable
        let output = LogOutput(form, isColoured: isColoured)
        var reader = LogReader(folder: folder, filter: filter, output: output) { print($0, terminator: "") }
        let count = invocation.number(Commands.logLines) ?? (filter.since == nil ? 20 : nil)
        func remark(_ text: String) {
            fflush(nil)
            StandardError.write(Array("hostelry: \(LineText.printable(text))\n".utf8))
        }
        do throws(SystemError) {
            if invocation.has(Commands.logFollow) {
                var follower = try LogFollower(reader, told: remark) { fflush(nil) }
                try follower.begin(last: count)
                try follower.run()
            }
            _ = try reader.show(last: count)
        } catch {
            if error.reasonClass == .missing {
                remark("no request of the site \"\(site.name)\" has been logged yet: there is no folder \(folder)")
                return 0
            }
            return fail(reason(error, folder))
        }
        for name in reader.missing { remark(LogReader.text(missing: name)) }
        if reader.isCut {
            remark("the last \(LogReader.reach >> 20) MB were looked through; --since goes back farther")
        }
        guard reader.failures.isEmpty else {
            for failure in reader.failures {
                remark(reason(failure, failure.subject.isEmpty ? folder : failure.subject))
            }
            return 1
        }
        return 0
    }

    /// With who may read it, where this user may not.
    private static func reason(_ error: SystemError, _ path: String) -> String {
        guard error.code == EACCES else { return "the log cannot be read: \(error)" }
        // Whoever may not list a folder may often see whose it is.
        var seen = path
        while seen != "/" {
            if let facts = try? FileFacts.of(seen) {
                let owner = (try? Account.of(user: facts.owner))?.name ?? "\(facts.owner)"
                let may = facts.mode & 0o040 != 0 ? "\(owner) and the group \(facts.group)" : owner
                return "\(path) may not be read by this user: \(seen) is for \(may) (and root)"
            }
            guard let slash = seen.lastIndex(of: "/") else { break }
            seen = slash == seen.startIndex ? "/" : String(seen[..<slash])
        }
        return "\(path) may not be read by this user"
    }
}
