import Wire

/// The addresses that proxies say a request passed: `X-Forwarded-For`.
enum ForwardedFor {
    /// So many addresses at most are looked at; a longer chain is badly formed.
    static let maximumAddresses = 100

    /// The addresses of all fields of that name in their order, empty without one; nil where one is no address.
    static func addresses(_ head: RequestHead) -> [IPAddress]? {
        var addresses: [IPAddress] = []
        var next = 0
        while let index = head.field("x-forwarded-for", from: next) {
            next = index + 1
            let value = String(decoding: [UInt8](copying: head.value(ofField: index)), as: UTF8.self)
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard addresses.count < maximumAddresses, let address = address(part) else { return nil }
                addresses.append(address)
            }
        }
        return addresses
    }

    /// `192.0.2.1`, `192.0.2.1:50000`, `2001:db8::1` or `[2001:db8::1]:50000`, with white space around it.
    private static func address(_ text: Substring) -> IPAddress? {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let text = text.drop(while: isBlank)
        let end = text.lastIndex { !isBlank($0) }
        guard let end else { return nil }
        let trimmed = text[...end]
        if trimmed.first == "[" {
            guard let close = trimmed.firstIndex(of: "]"), isPort(trimmed[trimmed.index(after: close)...]) else {
                return nil
            }
            guard let address = IPAddress(text: String(trimmed[..<close].dropFirst())) else { return nil }
            return address.v4 == nil ? address : nil
        }
        if let address = IPAddress(text: String(trimmed)) { return address }
        guard let colon = trimmed.firstIndex(of: ":"), isPort(trimmed[colon...]) else { return nil }
        return IPAddress(text: String(trimmed[..<colon])).flatMap { $0.v4 == nil ? nil : $0 }
    }

    /// Nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && text.count > 1 && text.dropFirst().allSatisfy { "0"..."9" ~= $0 }
    }
}
