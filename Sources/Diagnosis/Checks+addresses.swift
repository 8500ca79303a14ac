internal import Administration
internal import Platform

/// Addresses and ports.
extension Check {
    static let addressChecks = [
        Check(name: "port-taken", look: takenPorts), Check(name: "port-forbidden", look: forbiddenPorts),
    ]

    /// Each address and port once: sites share them by host names.
    private static func places(_ bindings: [Picture.Binding]) -> [Picture.Binding] {
        var known: Set<String> = []
        return bindings.filter { known.insert("\($0.address.map { "\($0)" } ?? "*") \($0.port)").inserted }
    }

    @Sendable
    private static func takenPorts(_ picture: Picture) -> [Found] {
        var told: Set<UInt16> = []
        var findings: [Found] = []
        if let server = picture.server {
            for site in server.sites {
                for binding in site.bindings {
                    guard let failure = binding.failure else { continue }
                    let text = "\(binding.protocol)/\(binding.information)"
                    let known = picture.bindings.first { $0.site == site.name && $0.text == text }
                    let holder = known.flatMap { Self.holder(of: $0, picture) }
                    if let known, !told.insert(known.port).inserted { continue }
                    findings.append(
                        Found(
                            .error, "site \"\(site.name)\"",
                            "\(text) is not open: \(failure)\(holder.map { "; \(name($0)) listens there" } ?? "")",
                            holder.map { release($0, picture) } ?? [picture.command("reload", configured: false)]))
                }
            }
            return findings
        }
        for binding in places(picture.bindings) {
            guard let holder = Self.holder(of: binding, picture), told.insert(binding.port).inserted else { continue }
            findings.append(
                Found(
                    .error, "site \"\(binding.site)\"",
                    "\(binding.text) cannot be opened: \(name(holder)) listens at port \(binding.port)",
                    release(holder, picture)))
        }
        return findings
    }

    private static func name(_ listener: Picture.Listener) -> String {
        guard let pid = listener.pid else { return "a process of the user \(listener.socket.user)" }
        return "\(listener.name ?? "process") (process \(pid)\(listener.service.map { ", \($0)" } ?? ""))"
    }

    /// What ends the other program, and has the port opened then.
    private static func release(_ listener: Picture.Listener, _ picture: Picture) -> [String] {
        let reload = picture.server == nil ? [] : [picture.command("reload", configured: false)]
        if let service = listener.service { return ["systemctl disable --now \(ShellWord.quoted(service))"] + reload }
        if let pid = listener.pid { return ["kill \(pid)"] + reload }
        return ["ss -ltnp 'sport = :\(listener.socket.port)'"]
    }

    /// Who listens where the binding would: at the same address, or either of them at all.
    static func holder(of binding: Picture.Binding, _ picture: Picture) -> Picture.Listener? {
        picture.listeners.first { listener in
            guard listener.socket.port == binding.port else { return false }
            guard let own = binding.address, let other = listener.socket.address else {
                // One of IPv4 at all addresses does not take those of IPv6.
                if case .v6 = binding.address { return listener.socket.isV6 }
                return true
            }
            return own == other
        }
    }

    @Sendable
    private static func forbiddenPorts(_ picture: Picture) -> [Found] {
        guard !picture.mayHaveAllPorts, picture.server == nil else { return [] }
        let ports = Set(picture.bindings.map(\.port)).filter { $0 < picture.firstFreePort }.sorted()
        guard let lowest = ports.first,
            let binding = picture.bindings.first(where: { $0.port == lowest })
        else { return [] }
        return [
            Found(
                .error, "site \"\(binding.site)\"",
                "ports below \(picture.firstFreePort) are root's on this machine, and the server of this user would have "
                    + ports.prefix(5).map { "\($0)" }.joined(separator: ", "),
                ["sudo sysctl -w net.ipv4.ip_unprivileged_port_start=\(lowest)"])
        ]
    }
}
