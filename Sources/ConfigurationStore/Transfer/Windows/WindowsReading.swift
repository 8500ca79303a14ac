internal import Configuration

/// Goes through a file of Windows once, collecting changes and rows.
struct WindowsReading {
    private(set) var edit: DocumentEdit
    private(set) var rows: [WindowsImport.Row] = []
    private let document: Document
    private let schema: Schema
    private let mapping: WindowsImport.Mapping

    init(_ document: Document, schema: Schema, mapping: WindowsImport.Mapping) {
        self.document = document
        self.schema = schema
        self.mapping = mapping
        edit = DocumentEdit(document)
    }

    mutating func read() { read(groupsIn: document.root, path: "") }

    /// A section is what the schema says is one; else, where it is no group of such, an unknown one.
    private mutating func read(groupsIn parent: DocumentElement, path: String) {
        for element in parent.children {
            switch element.name {
            case "configSections" where path.isEmpty: continue
            case "location" where path.isEmpty: read(groupsIn: element, path: "")
            default:
                let name = path.isEmpty ? element.name : "\(path)/\(element.name)"
                if let known = schema.section(name) {
                    read(section: name, element, known)
                } else if schema.sections.keys.contains(where: { $0.hasPrefix("\(name)/") }) {
                    read(groupsIn: element, path: name)
                } else {
                    read(section: name, element, nil)
                }
            }
        }
    }

    private mutating func read(section: String, _ element: DocumentElement, _ known: ElementSchema?) {
        let (outcome, note): (WindowsImport.Row.Outcome, String) =
            switch SectionVerdict.of(section, isDescribed: known != nil) {
            case .works: (.works, "")
            case .replaced(let note): (.replaced, note)
            case .unavailable(let note): (.decide, note)
            }
        rows.append(
            WindowsImport.Row(
                line: element.line, section: section, attribute: "", value: "", outcome: outcome, note: note))
        read(attributesOf: element, known, section: section, isUsed: outcome == .works)
    }

    /// - Parameter isUsed: whether the section does something here.
    private mutating func read(
        attributesOf element: DocumentElement, _ known: ElementSchema?, section: String, isUsed: Bool
    ) {
        var isMapped = false
        for attribute in element.attributes {
            let name = attribute.name
            let value = attribute.value
            let isSecret = SecretAttributes.isSecret(name, known)
            let isSealed = known?.attribute(name)?.isEncrypted ?? isSecret
            if let secret = EncryptedText(value) {
                guard !secret.payload.isEmpty else { continue }
                add(
                    element, section, name, "", .decide,
                    "sealed with a key of Windows (\(secret.provider)) that never leaves it; set the value anew")
            } else if isSealed {
                add(element, section, name, "", .works, "")
            } else if WindowsPathMap.isWindows(value) {
                isMapped =
                    read(path: value, name, element, section, isUsed: isUsed, isSecret: isSecret) || isMapped
            } else if name == "userName", element.name == "processModel", !value.isEmpty {
                read(account: value, element, section)
            } else if isUsed {
                add(element, section, name, isSecret ? "" : value, .works, "")
            }
        }
        if element.name == "virtualDirectory", isMapped, element["caseSensitive"] == nil {
            edit.set("caseSensitive", to: "false", on: element)
        }
        for child in element.children {
            let below = known?.element(child.name) ?? known?.collection?.item(child.name)
            read(attributesOf: child, below, section: section, isUsed: isUsed)
        }
    }

    /// Whether it was mapped.
    private mutating func read(
        path written: String, _ name: String, _ element: DocumentElement, _ section: String, isUsed: Bool,
        isSecret: Bool
    ) -> Bool {
        // What follows a folder in a variable may be anything.
        let value = isSecret ? "" : written
        if let path = mapping.paths.path(of: written) {
            edit.set(name, to: path, on: element)
            add(element, section, name, value, .replaced, isSecret ? "its folder is the one that is mapped" : path)
            return true
        }
        if Self.isProgram(element, name, section) {
            add(element, section, name, value, .replaced, "modules are compiled in, no file is loaded")
        } else if let substitute = Self.substitutes["\(section) \(name)"] {
            add(element, section, name, value, .replaced, substitute)
        } else if name == "scriptProcessor" {
            add(
                element, section, name, value, .decide,
                "programs of Windows do not run here; what it takes answers 500.21")
        } else {
            let folder = isUsed ? "say where the folder lies here: --map 'WINDOWS=HERE'" : WindowsImport.Row.keptNote
            add(element, section, name, value, .decide, folder)
        }
        return false
    }

    private mutating func read(account: String, _ element: DocumentElement, _ section: String) {
        if let here = mapping.accounts[account.lowercased()] {
            edit.set("userName", to: here, on: element)
            add(element, section, "userName", account, .replaced, here)
        } else {
            add(
                element, section, "userName", account, .decide,
                "say which account of this machine stands for it: --account '\(account)=NAME', or choose ApplicationPoolIdentity"
            )
        }
    }

    private mutating func add(
        _ element: DocumentElement, _ section: String, _ attribute: String, _ value: String,
        _ outcome: WindowsImport.Row.Outcome, _ note: String
    ) {
        rows.append(
            WindowsImport.Row(
                line: element.line, section: section, attribute: "\(element.name)/\(attribute)", value: value,
                outcome: outcome, note: note))
    }

    /// Libraries of modules, handlers and compression schemes.
    private static func isProgram(_ element: DocumentElement, _ attribute: String, _ section: String) -> Bool {
        switch attribute {
        case "image": section == "system.webServer/globalModules"
        case "dll": section == "system.webServer/httpCompression"
        default: false
        }
    }

    /// Folders of Windows that have one of this server's in their place where nobody maps them.
    private static let substitutes = [
        "system.applicationHost/sites directory": "logs are written below %HOSTELRY_STATE%/logs",
        "system.applicationHost/log directory": "logs are written below %HOSTELRY_STATE%/logs",
        "system.webServer/httpCompression directory": "compressed files are kept below the pool's home",
        "system.webServer/httpErrors prefixLanguageFilePath": "the pages of this server stand for IIS's own",
    ]
}
