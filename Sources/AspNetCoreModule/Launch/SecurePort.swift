/// The port of a site's https bindings, which an application is told for its redirections.
enum SecurePort {
    /// The one that all of them share; nil where there are several or none.
    static func of(_ bindings: [ApplicationPlace.Binding]) -> String? {
        let ports = Set(
            bindings.filter { $0.scheme.lowercased() == "https" }.map { BindingInformation($0.information).port })
        guard ports.count == 1, let port = ports.first, !port.isEmpty else { return nil }
        return port
    }
}

/// `IP:PORT:HOST` in parts: the port stands between the first colon behind the address and the last one.
struct BindingInformation: Equatable {
    let address: String
    let port: String
    /// `*` where none is written.
    let host: String

    init(_ text: String) {
        // The address of IPv6 stands in brackets, colons and all.
        let bracket = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
        guard let first = text[(bracket ?? text.startIndex)...].firstIndex(of: ":"),
            let last = text.lastIndex(of: ":"), first < last
        else {
            (address, port, host) = (text, "", "*")
            return
        }
        address = String(text[..<first])
        port = String(text[text.index(after: first)..<last])
        let name = text[text.index(after: last)...]
        host = name.isEmpty ? "*" : String(name)
    }
}
