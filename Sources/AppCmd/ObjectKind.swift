/// The objects that appcmd knows, by their names in its output.
enum ObjectKind: String, CaseIterable {
    case site = "SITE"
    case app = "APP"
    case vdir = "VDIR"
    case pool = "APPPOOL"
    case config = "CONFIG"
    case wp = "WP"
    case request = "REQUEST"
    case module = "MODULE"
    case backup = "BACKUP"
    case trace = "TRACE"
    case binding = "BINDING"

    /// In any case of letters, singular or plural.
    init?(word: String) {
        let name = word.uppercased()
        let found = Self.allCases.first { $0.rawValue == name || $0.rawValue + "S" == name }
        guard let found else { return nil }
        self = found
    }

    var name: String { rawValue }
    /// The attribute that names an object of the kind, for example `SITE.NAME`.
    var nameAttribute: String { rawValue + ".NAME" }
}
