internal import Configuration
internal import Operations

/// An object that another appcmd printed with `/xml` (reference §7.5).
struct PipedObject {
    let kind: ObjectKind
    let element: DocumentElement

    func value(_ name: String) -> String? {
        element.attributes.first { $0.name.isSame(as: name) }?.value
    }

    /// The object's configuration, where `/config` was asked for.
    var configuration: DocumentElement? { element.children.first { _ in true } }

    /// What of an object of a kind must be the same so that it is, or belongs to, this one; nil where nothing relates them.
    func relation(to target: ObjectKind) -> (name: String, value: String)? {
        for name in [target.nameAttribute, kind.nameAttribute] {
            if let value = value(name) { return (name, value) }
        }
        return nil
    }

    /// The objects in a text. What is no such text is refused as a whole.
    static func read(_ bytes: [UInt8]) throws(Failure) -> [PipedObject] {
        let document: Document
        do throws(ConfigurationError) {
            document = try Document(bytes: bytes, path: "standard input")
        } catch {
            throw .invalidData("(line \(error.line): \(error.text))")
        }
        guard document.root.name == "appcmd" else { throw .invalidData("(the root element is no <appcmd>)") }
        var objects: [PipedObject] = []
        for element in document.root.children {
            guard let kind = ObjectKind(rawValue: element.name) else {
                throw .invalidData("(line \(element.line): <\(element.name)> is no object)")
            }
            objects.append(PipedObject(kind: kind, element: element))
        }
        return objects
    }
}

/// Standard input, which is read once, however often a command begins anew.
final class InputText {
    private let instance: any Instance
    private var known: [UInt8]?

    init(_ instance: any Instance) { self.instance = instance }

    func bytes() throws(InstanceFailure) -> [UInt8] {
        if let known { return known }
        let bytes = try instance.input()
        known = bytes
        return bytes
    }
}

extension Session {
    func piped() throws(Failure) -> [PipedObject] {
        try PipedObject.read(try ask { () throws(InstanceFailure) in try input.bytes() })
    }
}
