/// A binding as people name it: `http/*:80:www.example.com` as the configuration has it, or the address that a visitor
/// types, `http://www.example.com:8080`.
public struct BindingText: Equatable, Sendable {
    /// For example `http`.
    public let protocolName: String
    /// Address, port and host name: `*:80:www.example.com`.
    public let information: String

    /// Any host where `host` is empty.
    public init(host: String, port: Int) throws(OperationError) {
        self = try Self.address("http", host, port)
    }

    public init(_ text: String) throws(OperationError) {
        for (scheme, port) in [("http", 80), ("https", 443)] where text.lowercased().hasPrefix("\(scheme)://") {
            self = try Self.visited(scheme, text.dropFirst(scheme.count + 3), usualPort: port)
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, text.first != "/" else { throw Self.refusal }
        self.init(String(parts[0]), String(parts[1]))
    }

    private init(_ protocolName: String, _ information: String) {
        self.protocolName = protocolName
        self.information = information
    }

    /// What follows `http://`.
    private static func visited(
        _ scheme: String, _ text: Substring, usualPort: Int
    ) throws(OperationError) -> BindingText {
        let authority = text.last == "/" ? text.dropLast() : text
        let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
        let host = String(authority[..<(colon ?? authority.endIndex)])
        guard !host.isEmpty else { throw refusal }
        guard let colon else { return try address(scheme, host, usualPort) }
        guard let port = Int(authority[authority.index(after: colon)...]) else { throw refusal }
        return try address(scheme, host, port)
    }

    private static func address(_ scheme: String, _ host: String, _ port: Int) throws(OperationError) -> BindingText {
        let isAddress = host.hasPrefix("[") || (!host.isEmpty && host.allSatisfy { $0 == "." || $0.isWholeNumber })
        guard (1...65535).contains(port), !host.contains("/"), isAddress || !host.contains(":") else { throw refusal }
        return BindingText(scheme, isAddress ? "\(host):\(port):" : "*:\(port):\(host == "*" ? "" : host)")
    }

    private static let refusal = OperationError.invalidValue(
        attribute: "binding",
        reason: "it has the form http://www.example.com:8080 or http/ADDRESS:PORT:HOST, for example "
            + "http/*:80:www.example.com")

    /// The item of a site's `bindings`.
    public var selector: ElementSelector {
        ElementSelector(steps: [
            .name("bindings"),
            .item(.init([.init("protocol", protocolName), .init("bindingInformation", information)])),
        ])
    }

    /// As the configuration has it.
    public var text: String { "\(protocolName)/\(information)" }
}
