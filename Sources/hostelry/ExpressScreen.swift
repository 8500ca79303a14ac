import Events
import Glibc
import HostModel
import Master
import Platform
import Synchronization
import Wire

/// What a developer sees of a server of one command: its addresses, requests, and what goes wrong.
final class ExpressScreen: EventRecorder {
    private let addresses: [String]
    private let sites: [UInt32: String]
    private let hasStarted = Mutex(false)

    /// - Parameter sites: the names by the ids.
    init(addresses: [String], sites: [UInt32: String]) {
        self.addresses = addresses
        self.sites = sites
    }

    func record(_ event: Event) {
        switch event.kind {
        case .serverStarted:
            say(addresses.joined(separator: "\n") + "\nCtrl-C ends.")
        case .serverStopping: say("Requests in work are being finished; Ctrl-C does not wait.")
        // Whoever calls knows whose processes they are.
        case .serverNotIsolated: break
        case _ where event.kind.level != .information:
            StandardError.write(Array("hostelry: \(EventFormat.text.line(event, time: nil))\n".utf8))
        default: break
        }
    }

    @Sendable
    func show(_ request: TracedRequest) {
        let time = Timestamp(nanoseconds: FileStamp.now()).text.dropFirst(11).prefix(8)
        let status = request.status == 0 ? "gone" : "\(request.status).\(request.subStatus)"
        let site = sites.count > 1 ? "\(sites[request.siteID] ?? "\(request.siteID)"): " : ""
        let place = request.stage.isEmpty ? request.module : "\(request.module) (\(request.stage))"
        say(
            "\(time)  \(Self.column(status, 7))\(Self.column(Self.milliseconds(request.microseconds), 12))"
                + LineText.printable("\(site)\(request.method) \(request.target)  \(place)"))
    }

    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    private static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func milliseconds(_ microseconds: UInt64) -> String {
        let rest = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) ms"
    }
}

/// Where a browser finds the sites of a configuration.
enum ExpressAddresses {
    /// A line for each site, with its URLs.
    static func lines(of model: HostModel, _ choice: SiteChoice) -> [String] {
        model.sites.filter(choice.includes).compactMap { site in
            var urls: [String] = []
            for url in site.bindings.filter(\.isHTTP).map(url) where !urls.contains(url) { urls.append(url) }
            guard !urls.isEmpty else { return nil }
            return "Serving \"\(LineText.printable(site.name))\" at \(urls.joined(separator: "  "))"
        }
    }

    private static func url(_ binding: Binding) -> String {
        let host: String =
            switch binding.host {
            case .exact(let name): name
            case .suffix(let name): "any.\(name)"
            case .any where binding.address == nil || isLoopback(binding): "localhost"
            case .any: String(binding.information.prefix { $0 != ":" })
            }
        let port = binding.port == 80 ? "" : ":\(binding.port)"
        return "http://\(host)\(port)/"
    }

    private static func isLoopback(_ binding: Binding) -> Bool {
        switch binding.address {
        case .v4(let number): number >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        case nil: false
        }
    }
}
