import HTTP1
import Pipeline
import Wire

/// Makes a backend's head the response's.
enum BackendResponseReader {
    /// - Parameter bytes: those that `parsed` was parsed from.
    static func apply(
        _ bytes: Span<UInt8>, _ parsed: borrowing ParsedResponse, _ rules: ProxyRules, to request: RequestContext
    ) {
        // Taken out, so that each field is not an access of its own.
        var headers = HeaderBlock()
        swap(&headers, &request.response.headers)
        let isFirst = headers.count == 0
        var seen: UInt32 = 0
        var hasServer = false
        var closes = false
        for field in parsed.fields {
            let name = bytes.extracting(field.name)
            let value = bytes.extracting(field.value)
            switch BackendResponseField(name) {
            case .dropped: continue
            case .connection:
                closes = closes || rules.forwardsConnectionHeader && value.equalsIgnoringCase("close")
                continue
            case .server:
                if hasServer { headers.remove(name) }
                hasServer = true
            case .known(let number):
                // What stands there is replaced, be it of the backend or of a module before.
                if seen >> number & 1 != 0 || !isFirst { headers.remove(name) }
                seen |= 1 << number
            case .repeatable: break
            }
            if field.isFolded { headers.append(name, value.unfolded.span) } else { headers.append(name, value) }
        }
        if parsed.status == 101 { headers.append("Upgrade", "websocket") }
        swap(&headers, &request.response.headers)
        request.response.set(status: parsed.status)
        if parsed.status != 200, parsed.status != 101 {
            request.response.reason = [UInt8](copying: bytes.extracting(parsed.reason).extracting(first: 255))
        }
        if closes { request.response.closesConnection = true }
        request.response.sendsServer = hasServer
        request.response.skipsCustomErrors = true
        request.response.isPassedOn = true
    }
}
