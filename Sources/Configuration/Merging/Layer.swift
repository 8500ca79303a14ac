/// One written element that takes part in an effective one, and the level it was written at.
struct Layer: Sendable {
    let element: DocumentElement
    /// 0 for the server's own file (and what is built in beneath it), more for each web.config further down.
    let level: Int
    /// Whether it comes from the configuration embedded in the program, which the server's file may override freely.
    let isBuiltIn: Bool
    /// The `path` of its `<location>`.
    let locationPath: String?

    func inner(_ element: DocumentElement) -> Layer {
        Layer(element: element, level: level, isBuiltIn: isBuiltIn, locationPath: locationPath)
    }

    var provenance: Provenance {
        Provenance(file: element.document.path, line: element.line, locationPath: locationPath)
    }

    func provenance(of attribute: DocumentAttribute) -> Provenance {
        Provenance(file: element.document.path, line: attribute.line(in: element), locationPath: locationPath)
    }
}
