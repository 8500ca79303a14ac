import Configuration
import Pipeline
import Wire

/// What clients are told about keeping a static file: `staticContent/clientCache`.
struct ClientCache {
    let setsEntityTag: Bool
    /// The value of `Cache-Control`, empty for none.
    let control: [UInt8]
    /// The value of `Expires`, empty for none.
    let expires: [UInt8]

    init(setsEntityTag: Bool = true, control: String = "", expires: String = "") {
        self.setsEntityTag = setsEntityTag
        self.control = Array(control.utf8)
        self.expires = Array(expires.utf8)
    }

    init(_ element: Element) throws(ConfigurationError) {
        let custom = element.string("cacheControlCustom")
        let expires = element.string("httpExpires")
        for (attribute, text) in [("cacheControlCustom", custom), ("httpExpires", expires)]
        where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw element.invalid(attribute)
        }
        let mode = element.member("cacheControlMode")
        let directive =
            switch mode {
            case "DisableCache": "no-cache"
            case "UseMaxAge": "max-age=\(element.duration("cacheControlMaxAge")?.components.seconds ?? 0)"
            default: ""
            }
        self.init(
            setsEntityTag: element.bool("setEtag"),
            control: [directive, custom].filter { !$0.isEmpty }.joined(separator: ","),
            expires: mode == "UseExpires" ? expires : "")
    }

    func append(to headers: inout HeaderBlock) {
        if !control.isEmpty { headers.append("Cache-Control", control.span) }
        if !expires.isEmpty { headers.append("Expires", expires.span) }
    }
}
