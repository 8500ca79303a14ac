//  Operations: what an administrator changes in a configuration, whatever tool he types it into.
//
//      text ─► Document ─► DraftFile ─► DraftElement    a file while it is edited: written elements and what becomes of them
//      DraftElement × schema × what is inherited ─► SectionEditor      set, add, remove, clear, by ElementSelector
//      DraftFile ─► edits ─► text               once for all changes of a command; bytes that nobody meant stay
//
//  `HostedObjects` reads sites, applications, virtual directories and pools from their two sections, and no more than what
//  it is asked for; `HostingEditor` adds, changes and deletes them. `ConfigurationEditor` says where a section at a path
//  is written: in which file, below which location.
//
//  Nothing here reads or writes a disk; nothing knows how a tool's answers look. Errors are `OperationError`.
public import Configuration

/// Why an operation is not done. Nothing was changed.
public enum OperationError: Error, Equatable, Sendable {
    /// No object has this name.
    case unknownObject(String)
    case unknownAttribute(String)
    /// No section of this name is declared, or several are.
    case unknownSection(String)
    /// A selector of a collection's item that makes no sense.
    case malformedSelector(String)
    /// No item of the collection is meant by the selector.
    case noSuchItem
    /// An object or item with the same key is there already.
    case duplicate(name: String)
    /// An item that its collection cannot have: its element's name, and why. `isDuplicate`: another has its key.
    case refusedItem(element: String, reason: String, isDuplicate: Bool)
    /// A value that the attribute cannot have: IIS's sentence.
    case invalidValue(attribute: String, reason: String)
    /// A value is missing.
    case missingValue(String)
    /// What the configuration would be, or is, is none.
    case configuration(ConfigurationError)
    /// An imported element has what the schema does not know.
    case invalidData(String)
}
